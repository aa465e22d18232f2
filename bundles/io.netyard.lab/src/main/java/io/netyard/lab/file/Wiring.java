package io.netyard.lab.file;

import io.netyard.api.InterfaceName;
import io.netyard.api.Mtu;
import io.netyard.api.Text;
import io.netyard.lab.network.Place;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where the links of a lab end. */
final class Wiring {

    /**
     * One end of a link.
     *
     * @param peer where the other end is
     * @param atSwitch the switch whose port it is, if the file says so at the link
     */
    record End(Place place, Place peer, Optional<String> atSwitch, String link, Optional<Mtu> mtu, Position position) {}

    private Wiring() {}

    /** In the file's order. Of a link that leads nowhere only the good end is returned, as its own peer. */
    static List<End> of(Lab lab, GeneratedNames names, Problems problems) {
        List<End> ends = new ArrayList<>();
        for (Lab.Link link : lab.links().values()) {
            Optional<Place> a = place(lab, link, 0, names, problems);
            Optional<Place> b = place(lab, link, 1, names, problems);
            a.ifPresent(place -> ends.add(end(lab, link, 0, place, b.orElse(place))));
            b.ifPresent(place -> ends.add(end(lab, link, 1, place, a.orElse(place))));
        }
        return ends;
    }

    private static End end(Lab lab, Lab.Link link, int index, Place place, Place peer) {
        Lab.Endpoint endpoint = link.endpoints().get(index);
        Optional<String> atSwitch = Optional.of(endpoint.owner()).filter(lab.switches()::containsKey);
        return new End(place, peer, atSwitch, link.name().value(), link.mtu(), endpoint.position());
    }

    private static Optional<Place> place(Lab lab, Lab.Link link, int index, GeneratedNames names, Problems problems) {
        Lab.Endpoint endpoint = link.endpoints().get(index);
        InterfaceName device = endpoint.device().orElseGet(() -> names.of(lab, link, index));
        Lab.Switch atSwitch = lab.switches().get(endpoint.owner());
        if (atSwitch != null) {
            // A switch in a node that does not exist is a problem of its own, told once.
            return Optional.of(atSwitch.node().value())
                    .filter(lab.nodes()::containsKey)
                    .map(node -> new Place(node, device));
        }
        if (lab.nodes().containsKey(endpoint.owner())) {
            return Optional.of(new Place(endpoint.owner(), device));
        }
        Set<String> known = new LinkedHashSet<>(lab.nodes().keySet());
        known.addAll(lab.switches().keySet());
        problems.add(
                endpoint.position(),
                "link %s ends at '%s', which is no node and no switch; %s"
                        .formatted(
                                link.name(), Text.printable(endpoint.owner()), Spelling.hint(endpoint.owner(), known)));
        return Optional.empty();
    }
}
