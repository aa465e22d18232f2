package io.netyard.lab.drift;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.LabFileException;
import io.netyard.api.NetyardException;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.routing.Route;
import io.netyard.api.routing.SysctlName;
import io.netyard.lab.edit.UneditableException;
import io.netyard.lab.edit.YamlEditor;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes what differs into the text of a lab file. A pure function; whether the result says what is there is for the caller to see. */
final class Takeover {

    private static final List<String> FORWARDING = List.of("net.ipv4.ip_forward", "net.ipv6.conf.all.forwarding");

    private final LabFile file;
    private final Optional<String> stage;
    private final Network meant;
    private final List<RunningLab.Switch> switches;
    private final List<Drift> drifts;
    private final FileEdit edit;
    private final Map<String, String> refused = new LinkedHashMap<>();

    private Takeover(LabFile file, Optional<String> stage, Network meant, List<Drift> drifts) {
        this.file = file;
        this.stage = stage;
        this.meant = meant;
        this.switches = file.at(stage).description().switches();
        this.drifts = drifts;
        this.edit = new FileEdit(file.text(), file.stages(), stage);
    }

    /** @param refused why, by the sentences of the differences that cannot be written; then the text is of no use */
    record Written(String text, Map<String, String> refused) {}

    /**
     * @param stage at which the file is meant
     * @param meant what it means there
     */
    static Written of(LabFile file, Optional<String> stage, Network meant, List<Drift> drifts) {
        Takeover takeover = new Takeover(file, stage, meant, drifts);
        // What goes from a list goes after what comes, so that the list is never empty in between and keeps its form.
        drifts.stream().filter(drift -> !goes(drift)).forEach(takeover::take);
        drifts.stream().filter(Takeover::goes).forEach(takeover::take);
        return new Written(takeover.edit.text(), takeover.refused);
    }

    private static boolean goes(Drift drift) {
        return drift instanceof Drift.AddressGone || drift instanceof Drift.RouteGone;
    }

    private void take(Drift drift) {
        try {
            write(drift);
        } catch (UneditableException e) {
            refused.put(drift.told().sentence(), e.getMessage());
        }
    }

    private void write(Drift drift) {
        if (drift instanceof Drift.AddressAdded added) {
            edit.add(of(added.place(), "addresses"), added.address().toString());
        } else if (drift instanceof Drift.AddressGone gone) {
            edit.drop(of(gone.place(), "addresses"), item -> is(IpPrefix::parse, item, gone.address()));
        } else if (drift instanceof Drift.UpOrDown link) {
            edit.set(of(link.place(), "up"), Boolean.toString(link.up()));
        } else if (drift instanceof Drift.OtherMtu other) {
            edit.set(of(other.place(), "mtu"), known(other.is()).toString());
        } else if (drift instanceof Drift.OtherMac other) {
            edit.set(
                    of(other.place(), "mac"),
                    YamlEditor.quoted(known(other.is()).toString()));
        } else if (drift instanceof Drift.Vlans vlans) {
            table(vlans);
        } else if (drift instanceof Drift.BridgeSetting setting) {
            edit.set(ofSwitch(setting.place(), setting.key()), setting.is());
        } else if (drift instanceof Drift.Sysctl sysctl) {
            sysctl(sysctl);
        } else if (drift instanceof Drift.RouteAdded added) {
            edit.add(List.of("nodes", added.node(), "routes"), added.route().toString());
        } else if (drift instanceof Drift.RouteGone gone) {
            dropRoute(gone.node(), gone.route());
        } else if (drift instanceof Drift.NeighbourSet set) {
            List<String> ofDevice =
                    List.of("nodes", set.node(), "neighbours", set.is().device().value());
            String address = IpPrefix.text(set.is().address());
            edit.set(
                    and(ofDevice, spelling(ofDevice, address)),
                    YamlEditor.quoted(set.is().mac().toString()));
        } else if (drift instanceof Drift.NeighbourGone gone) {
            List<String> ofDevice = List.of(
                    "nodes",
                    gone.node(),
                    "neighbours",
                    gone.neighbour().device().value());
            edit.remove(and(
                    ofDevice, spelling(ofDevice, IpPrefix.text(gone.neighbour().address()))));
        } else if (drift instanceof Drift.InterfaceGone gone) {
            removeInterface(gone);
        } else {
            throw new UneditableException(why(drift));
        }
    }

    private static String why(Drift drift) {
        if (drift instanceof Drift.OtherPolicy) {
            return "rules in the kernel cannot be said in the words of the file; lab:repair puts the file's back";
        }
        if (drift instanceof Drift.OtherTapHost) {
            return "hosts behind taps end with the appliance, the file is not to follow; lab:repair puts it back";
        }
        if (drift.kind() == io.netyard.api.lab.Difference.Kind.NODE) {
            return "what becomes of the rest of the lab without the node is for you to say: edit the file";
        }
        return "the lab's wiring is for you to say: edit the file";
    }

    private static <T> T known(Optional<T> value) {
        return value.orElseThrow(() -> new UneditableException("nobody can say what it is"));
    }

    /** Whether a text of the file means this; what cannot be read means something else. */
    private static <T> boolean is(Function<String, T> reader, String text, T value) {
        try {
            return reader.apply(text).equals(value);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static List<String> and(List<String> path, String key) {
        List<String> longer = new ArrayList<>(path);
        longer.add(key);
        return longer;
    }

    private Optional<RunningLab.Switch> switchAt(String node, InterfaceName bridge) {
        return switches.stream()
                .filter(each -> each.node().equals(node) && each.bridge().equals(bridge))
                .findFirst();
    }

    /** Where the file says something of an interface, be it a bridge or not. */
    private List<String> of(Place place, String key) {
        return switchAt(place.node(), place.device())
                .map(found -> List.of("switches", found.name(), key))
                .orElseGet(() -> List.of(
                        "nodes", place.node(), "interfaces", place.device().value(), key));
    }

    private List<String> ofSwitch(Place bridge, String key) {
        return switchAt(bridge.node(), bridge.device())
                .map(found -> List.of("switches", found.name(), key))
                .orElseThrow(() -> new UneditableException("the file has no switch there"));
    }

    private void dropRoute(String node, Route route) {
        edit.drop(List.of("nodes", node, "routes"), item -> {
            try {
                return Route.parse(item).isMetBy(route);
            } catch (IllegalArgumentException e) {
                return false;
            }
        });
    }

    /** As the file has it, which may spell the address otherwise. */
    private String spelling(List<String> ofDevice, String address) {
        return edit.keys(ofDevice).stream()
                .filter(key -> is(text -> IpPrefix.text(IpPrefix.parseAddress(text)), key, address))
                .findFirst()
                .orElse(address);
    }

    private void sysctl(Drift.Sysctl sysctl) {
        String value = YamlEditor.quoted(known(sysctl.is()));
        List<String> all = List.of("nodes", sysctl.node(), "sysctls");
        Optional<String> key = edit.keys(all).stream()
                .filter(name -> is(SysctlName::parse, name, sysctl.name()))
                .findFirst();
        if (key.isPresent()) {
            edit.set(and(all, key.get()), value);
            return;
        }
        List<String> forwarding = List.of("nodes", sysctl.node(), "forwarding");
        if (!FORWARDING.contains(sysctl.name().toString()) || !edit.has(forwarding)) {
            throw new UneditableException("the file does not say it in so many words");
        }
        long both = drifts.stream()
                .filter(drift -> drift instanceof Drift.Sysctl other
                        && other.node().equals(sysctl.node())
                        && FORWARDING.contains(other.name().toString())
                        && other.is().equals(sysctl.is()))
                .count();
        if (both != FORWARDING.size()) {
            throw new UneditableException("forwarding in the file means IPv4 and IPv6 alike");
        }
        edit.set(forwarding, Boolean.toString(sysctl.is().equals(Optional.of("1"))));
    }

    // VLAN tables

    private void table(Drift.Vlans vlans) {
        List<String> path;
        if (vlans.self()) {
            path = ofSwitch(vlans.place(), "self");
        } else {
            InterfaceName bridge = meant.device(vlans.place())
                    .flatMap(Device::port)
                    .map(Device.Port::bridge)
                    .orElseThrow(() -> new UneditableException("it is no port"));
            path = and(
                    ofSwitch(new Place(vlans.place().node(), bridge), "ports"),
                    vlans.place().device().value());
        }
        List<String> items = edit.items(path)
                .orElseThrow(() -> new UneditableException(
                        "the table follows from groups and from default_pvid: write it in the file first, under %s"
                                .formatted(String.join(".", path))));
        Map<Integer, VlanEntry> left = new TreeMap<>();
        vlans.table().forEach(entry -> left.put(entry.vid().value(), entry));
        List<String> surplus = new ArrayList<>();
        for (String item : items) {
            if (isStill(item, left)) {
                range(item).forEach(left::remove);
            } else {
                surplus.add(item);
            }
        }
        runs(List.copyOf(left.values())).forEach(item -> edit.add(path, item));
        surplus.forEach(item -> edit.drop(path, item::equals));
    }

    private static List<Integer> range(String item) {
        String[] ends = item.trim().split("[\\s,]+")[0].split("-");
        List<Integer> vids = new ArrayList<>();
        for (int vid = Integer.parseInt(ends[0]); vid <= Integer.parseInt(ends[ends.length - 1]); vid++) {
            vids.add(vid);
        }
        return vids;
    }

    private static boolean isStill(String item, Map<Integer, VlanEntry> table) {
        List<String> words = List.of(item.trim().split("[\\s,]+"));
        return range(item).stream()
                .allMatch(vid -> new VlanEntry(new VlanId(vid), words.contains("pvid"), words.contains("untagged"))
                        .equals(table.get(vid)));
    }

    private static List<String> runs(List<VlanEntry> entries) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < entries.size(); ) {
            VlanEntry first = entries.get(i);
            int last = i;
            while (!first.pvid()
                    && last + 1 < entries.size()
                    && entries.get(last + 1).vid().value()
                            == entries.get(last).vid().value() + 1
                    && entries.get(last + 1).flags().equals(first.flags())) {
                last++;
            }
            String vids = last == i
                    ? first.vid().toString()
                    : first.vid() + "-" + entries.get(last).vid();
            String flags = (first.pvid() ? " pvid" : "") + (first.untagged() ? " untagged" : "");
            items.add(vids + flags);
            i = last + 1;
        }
        return items;
    }

    // Interfaces that are gone

    private void removeInterface(Drift.InterfaceGone gone) {
        Device.Kind kind = gone.kept().kind();
        if (kind instanceof Device.Bridge || kind instanceof Device.Card) {
            throw new UneditableException("a switch or a card is for you to take out: edit the file");
        }
        if (kind instanceof Device.VethEnd) {
            file.linkAt(stage, gone.place())
                    .map(link -> List.of("links", link))
                    .filter(edit::has)
                    .ifPresent(edit::remove);
        }
        String node = gone.place().node();
        String device = gone.place().device().value();
        List<List<String>> mentions = new ArrayList<>();
        mentions.add(List.of("nodes", node, "interfaces", device));
        mentions.add(List.of("nodes", node, "neighbours", device));
        switches.stream()
                .filter(each -> each.node().equals(node))
                .forEach(each -> mentions.add(List.of("switches", each.name(), "ports", device)));
        mentions.stream().filter(edit::has).forEach(edit::remove);
        meant.nodes().get(node).settings().routes().stream()
                .filter(route -> route.device().equals(Optional.of(gone.place().device())))
                .forEach(route -> dropRoute(node, route));
    }

    /** What keeps a text from being a lab file, in one line. */
    static String problem(NetyardException e) {
        return e instanceof LabFileException
                ? e.getMessage().lines().collect(Collectors.joining("; "))
                : e.getMessage();
    }
}
