package io.netyard.lab.file;

import io.netyard.api.InterfaceName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names for the link ends that the file leaves unnamed: eth0, eth1 … in a node, swp1, swp2 … at a switch, in the file's order.
 *
 * <p>Given out once for all stages: a link keeps its names from the first stage that has it to the last, whatever comes and
 * goes beside it; otherwise moving to another stage would rename interfaces, which is to make them anew.
 */
final class GeneratedNames {

    private record End(String link, int end, String node, String prefix) {}

    private record Series(String node, String prefix) {}

    private final Map<End, InterfaceName> names = new HashMap<>();
    private final Map<Series, Integer> next = new HashMap<>();
    private final Map<String, Set<InterfaceName>> taken = new HashMap<>();

    /** @param stages what the file says at each stage, in order */
    GeneratedNames(List<Lab> stages) {
        stages.forEach(this::reserve);
        stages.forEach(this::generate);
    }

    /** @param end 0 or 1 */
    InterfaceName of(Lab lab, Lab.Link link, int end) {
        return names.get(key(lab, link, end));
    }

    private void reserve(Lab lab) {
        lab.links().values().stream().flatMap(link -> link.endpoints().stream()).forEach(end -> end.device()
                .ifPresent(device -> take(nodeOf(lab, end.owner()), device)));
        lab.switches()
                .values()
                .forEach(found -> take(found.node().value(), found.bridge().value()));
        lab.nodes().values().forEach(node -> node.interfaces().values().stream()
                .filter(device -> device.parent().isPresent())
                .forEach(device -> take(node.name().value(), device.name().value())));
    }

    private void generate(Lab lab) {
        for (Lab.Link link : lab.links().values()) {
            for (int end = 0; end < link.endpoints().size(); end++) {
                if (link.endpoints().get(end).device().isEmpty()) {
                    names.computeIfAbsent(key(lab, link, end), this::free);
                }
            }
        }
    }

    private InterfaceName free(End end) {
        Series series = new Series(end.node(), end.prefix());
        int number = next.getOrDefault(series, end.prefix().equals("swp") ? 1 : 0);
        InterfaceName name = new InterfaceName(end.prefix() + number);
        while (!take(end.node(), name)) {
            number++;
            name = new InterfaceName(end.prefix() + number);
        }
        next.put(series, number + 1);
        return name;
    }

    private boolean take(String node, InterfaceName name) {
        return taken.computeIfAbsent(node, any -> new HashSet<>()).add(name);
    }

    private static End key(Lab lab, Lab.Link link, int end) {
        String owner = link.endpoints().get(end).owner();
        String prefix = lab.switches().containsKey(owner) ? "swp" : "eth";
        return new End(link.name().value(), end, nodeOf(lab, owner), prefix);
    }

    private static String nodeOf(Lab lab, String owner) {
        Lab.Switch found = lab.switches().get(owner);
        return found == null ? owner : found.node().value();
    }
}
