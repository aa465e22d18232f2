package io.netyard.lab.file;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.Text;
import io.netyard.api.lab.Check;
import io.netyard.api.lab.Check.Watch;
import io.netyard.api.lab.Point;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.lab.RunningLab.Expectations;
import io.netyard.api.lab.Target;
import io.netyard.lab.file.Lab.Pairs;
import io.netyard.lab.file.Lab.Probe;
import io.netyard.lab.file.Lab.Spot;
import io.netyard.lab.network.Place;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a lab promises: what {@code expect} says or, where it says nothing, what the groups imply. Resolves the names in it and puts the
 * checks into the order in which they are told.
 */
final class Promises {

    /** More than anybody could measure. */
    private static final int MOST_PAIRS = 1_000_000;

    private record Direction(String from, String to) {}

    /** Pairs of one kind: a pair that is promised twice must be promised the same. */
    private final class Matrix {

        private final Map<Direction, Boolean> promised = new HashMap<>();
        private Map<Direction, Boolean> together = new LinkedHashMap<>();

        void add(List<String> from, List<String> to, boolean reachable, Position position) {
            if (!room(from, to, position)) {
                return;
            }
            for (String a : from) {
                for (String b : to) {
                    if (!a.equals(b)) {
                        Direction direction = new Direction(a, b);
                        Boolean before = promised.putIfAbsent(direction, reachable);
                        if (before != null && before != reachable) {
                            problems.add(
                                    position, "%s -> %s is expected both to reach and to be isolated".formatted(a, b));
                        }
                        together.put(direction, reachable);
                    }
                }
            }
        }

        /** Those that are not promised anything yet. */
        void isolate(List<String> from, List<String> to, Position position) {
            if (room(from, to, position)) {
                from.forEach(a -> to.forEach(b -> {
                    if (!a.equals(b)) {
                        together.putIfAbsent(new Direction(a, b), false);
                    }
                }));
            }
        }

        private boolean room(Collection<String> from, Collection<String> to, Position position) {
            boolean room = count + (long) from.size() * to.size() <= MOST_PAIRS;
            if (room) {
                count += from.size() * to.size();
            } else {
                problems.add(position, "more than %,d pairs are expected; expect fewer".formatted(MOST_PAIRS));
            }
            return room;
        }

        /** What was added since the last time, in the file's order of source, then of target; those on bridges come last. */
        List<Map.Entry<Direction, Boolean>> take() {
            List<Map.Entry<Direction, Boolean>> taken = new ArrayList<>(together.entrySet());
            together = new LinkedHashMap<>();
            taken.sort(Comparator.comparing((Map.Entry<Direction, Boolean> pair) ->
                            bridgeOnly.contains(pair.getKey().to()))
                    .thenComparing(pair -> rank.get(pair.getKey().from()))
                    .thenComparing(pair -> rank.get(pair.getKey().to())));
            return taken;
        }
    }

    private final Lab lab;
    private final List<RunningLab.Node> nodes;
    private final List<RunningLab.Switch> switches;
    private final Set<Place> places;
    private final Set<String> addressed = new LinkedHashSet<>();
    private final Set<String> bridgeOnly;
    private final Problems problems;
    private final Map<String, Integer> rank = new HashMap<>();
    private final Matrix pings = new Matrix();
    private final Matrix arps = new Matrix();
    private final List<Check> checks = new ArrayList<>();
    private int count;

    private Promises(
            Lab lab,
            List<RunningLab.Node> nodes,
            List<RunningLab.Switch> switches,
            Set<Place> places,
            Set<String> bridgeOnly,
            Problems problems) {
        this.lab = lab;
        this.nodes = nodes;
        this.switches = switches;
        this.places = places;
        this.bridgeOnly = bridgeOnly;
        this.problems = problems;
        nodes.stream().filter(node -> !node.addresses().isEmpty()).forEach(node -> addressed.add(node.name()));
        lab.nodes().keySet().forEach(node -> rank.put(node, rank.size()));
        lab.targets().keySet().forEach(target -> rank.putIfAbsent(target, rank.size()));
    }

    /**
     * @param nodes with their addresses
     * @param switches with their ports
     * @param places all interfaces
     * @param bridgeOnly nodes whose addresses are all on bridges: they come last as targets
     * @param groupSwitches switches that carry the groups' VLANs
     */
    static Expectations of(
            Lab lab,
            List<RunningLab.Node> nodes,
            List<RunningLab.Switch> switches,
            Set<Place> places,
            Set<String> bridgeOnly,
            Set<String> groupSwitches,
            Problems problems) {
        Promises promises = new Promises(lab, nodes, switches, places, bridgeOnly, problems);
        promises.checkTargets();
        if (lab.expect().isPresent()) {
            lab.expect().get().forEach(promises::written);
        } else {
            promises.implied(groupSwitches);
        }
        return new Expectations(promises.checks);
    }

    private void checkTargets() {
        for (Lab.Target target : lab.targets().values()) {
            target.server()
                    .filter(server -> !lab.nodes().containsKey(server.value().node()))
                    .ifPresent(server -> noNode(server.value().node(), server.position()));
        }
    }

    /** VLAN tables stand before the pings that they decide; those without force after them. */
    private void written(Lab.Expect expect) {
        expand(expect.ping(), pings);
        expand(expect.arp(), arps);
        List<Check.VlanTable> tables = expect.vlans().stream()
                .flatMap(name -> vlanTable(name).stream())
                .flatMap(table -> ownTables(table).stream())
                .distinct()
                .toList();
        tables.stream().filter(this::inForce).forEach(checks::add);
        takePings();
        arps.take()
                .forEach(pair -> checks.add(
                        new Check.Arp(pair.getKey().from(), target(pair.getKey().to()), pair.getValue())));
        tables.stream().filter(table -> !inForce(table)).forEach(checks::add);
        expect.broadcast().forEach(this::broadcast);
        expect.see().forEach(this::see);
        expect.trace().forEach(this::trace);
        expect.tagged().forEach(this::broadcast);
        expect.neighbours().forEach(this::neighbour);
        expect.tcp().forEach(this::tcp);
    }

    /** Of a bridge that the lab has not made, only its own ports. */
    private List<Check.VlanTable> ownTables(Check.VlanTable table) {
        Lab.Switch promised = lab.switches().get(table.switchName());
        if (!promised.existing() || table.device().isPresent()) {
            return List.of(table);
        }
        return find(table.switchName()).stream()
                .flatMap(found -> found.ports().keySet().stream())
                .map(port -> new Check.VlanTable(table.switchName(), Optional.of(port)))
                .toList();
    }

    private void takePings() {
        pings.take()
                .forEach(pair -> checks.add(new Check.Ping(
                        pair.getKey().from(), target(pair.getKey().to()), pair.getValue())));
    }

    private Target target(String name) {
        return new Target(name, Optional.ofNullable(lab.targets().get(name)).map(Lab.Target::address));
    }

    private void implied(Set<String> groupSwitches) {
        List<List<String>> groups = lab.groups().values().stream()
                .filter(group -> group.vlan().isPresent())
                .map(group -> group.members().stream()
                        .map(At::value)
                        .filter(addressed::contains)
                        .toList())
                .toList();
        Position first = lab.groups().values().stream()
                .map(group -> group.name().position())
                .findFirst()
                .orElse(Position.WHOLE_FILE);
        for (List<String> group : groups) {
            pings.add(group, group, true, first);
        }
        for (List<String> from : groups) {
            for (List<String> to : groups) {
                if (from != to) {
                    pings.isolate(from, to, first);
                }
            }
        }
        List<Check.VlanTable> tables = groupSwitches.stream()
                .map(name -> new Check.VlanTable(name, Optional.empty()))
                .flatMap(table -> ownTables(table).stream())
                .toList();
        tables.stream().filter(this::inForce).forEach(checks::add);
        takePings();
        tables.stream().filter(table -> !inForce(table)).forEach(checks::add);
    }

    private Optional<RunningLab.Switch> find(String name) {
        return switches.stream().filter(found -> found.name().equals(name)).findFirst();
    }

    private boolean inForce(Check.VlanTable table) {
        return find(table.switchName()).map(RunningLab.Switch::vlanFiltering).orElse(false);
    }

    private Optional<Check.VlanTable> vlanTable(At<String> item) {
        String text = item.value();
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        if (!lab.switches().containsKey(name)) {
            problems.add(
                    item.position(),
                    "'%s' is no switch; %s"
                            .formatted(
                                    Text.printable(name),
                                    Spelling.hint(name, lab.switches().keySet())));
            return Optional.empty();
        }
        if (colon < 0) {
            return Optional.of(new Check.VlanTable(name, Optional.empty()));
        }
        String device = text.substring(colon + 1);
        Set<String> devices = new LinkedHashSet<>();
        find(name).ifPresent(found -> {
            found.ports().keySet().forEach(port -> devices.add(port.value()));
            devices.add(found.bridge().value());
        });
        if (!devices.contains(device)) {
            problems.add(
                    item.position(),
                    "'%s' is neither a port of switch %s nor its bridge; %s"
                            .formatted(Text.printable(device), name, Spelling.hint(device, devices)));
            return Optional.empty();
        }
        return Optional.of(new Check.VlanTable(name, Optional.of(new InterfaceName(device))));
    }

    private void expand(Pairs pairs, Matrix into) {
        pairs.reach().forEach(item -> expand(item, true, into));
        pairs.isolated().forEach(item -> expand(item, false, into));
    }

    private void expand(At<String> item, boolean reachable, Matrix into) {
        String text = item.value().trim();
        boolean both = text.contains("<->");
        String arrow = both ? "<->" : "->";
        int at = text.indexOf(arrow);
        if (at < 0) {
            if (lab.nodes().containsKey(text)) {
                problems.add(
                        item.position(),
                        "'%s' is one node; write '%s -> NODE' or the name of a group".formatted(text, text));
                return;
            }
            operand(text, item.position(), reachable, false)
                    .ifPresent(all -> into.add(all, all, reachable, item.position()));
            return;
        }
        String left = text.substring(0, at).trim();
        String right = text.substring(at + arrow.length()).trim();
        if (left.equals(right) && lab.nodes().containsKey(left)) {
            problems.add(item.position(), "'%s' is a node and itself".formatted(text));
        }
        Optional<List<String>> from = operand(left, item.position(), reachable, false);
        Optional<List<String>> to = operand(right, item.position(), reachable, !both);
        if (from.isPresent() && to.isPresent()) {
            into.add(from.get(), to.get(), reachable, item.position());
            if (both) {
                into.add(to.get(), from.get(), reachable, item.position());
            }
        }
    }

    /**
     * The nodes that a name stands for.
     *
     * @param orTarget whether the name may be that of an address, which stands for itself
     */
    private Optional<List<String>> operand(String name, Position position, boolean reachable, boolean orTarget) {
        List<String> members;
        if (name.equals("all")) {
            members = List.copyOf(addressed);
        } else if (lab.nodes().containsKey(name)) {
            members = List.of(name);
        } else if (lab.groups().containsKey(name)) {
            members = lab.groups().get(name).members().stream()
                    .map(At::value)
                    .filter(lab.nodes()::containsKey)
                    .toList();
        } else if (lab.targets().containsKey(name)) {
            if (!orTarget) {
                problems.add(
                        position,
                        "'%s' is an address: it can be asked ('NODE -> %s'), but not ask".formatted(name, name));
                return Optional.empty();
            }
            return Optional.of(List.of(name));
        } else {
            Set<String> known = new LinkedHashSet<>(lab.groups().keySet());
            known.addAll(lab.nodes().keySet());
            known.addAll(lab.targets().keySet());
            problems.add(
                    position,
                    "'%s' is no node and no group; %s".formatted(Text.printable(name), Spelling.hint(name, known)));
            return Optional.empty();
        }
        if (reachable) {
            members.stream()
                    .filter(node -> !addressed.contains(node))
                    .findFirst()
                    .ifPresent(node -> problems.add(
                            position,
                            "%s has no address here, so it can neither reach nor be reached".formatted(node)));
        }
        return Optional.of(members);
    }

    private void broadcast(Probe probe) {
        Optional<Check.Source> from = source(probe.what());
        List<Watch> watches = watches(probe, Spot::request);
        from.ifPresent(source -> checks.add(new Check.Broadcast(source, probe.tags(), watches)));
    }

    /** {@code NODE} or {@code NODE:INTERFACE}. */
    private Optional<Check.Source> source(At<String> what) {
        String text = what.value().trim();
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        if (!lab.nodes().containsKey(name)) {
            noNode(name, what.position());
            return Optional.empty();
        }
        if (colon < 0) {
            boolean bridge = switches.stream().anyMatch(found -> found.node().equals(name));
            if (!addressed.contains(name) && !bridge) {
                problems.add(
                        what.position(),
                        "%s has neither an address nor a bridge here; say which interface sends: %s:INTERFACE"
                                .formatted(name, name));
            }
            return Optional.of(new Check.Source(name, Optional.empty()));
        }
        return place(name, text.substring(colon + 1), what.position())
                .map(place -> new Check.Source(name, Optional.of(place.device())));
    }

    private Optional<Place> place(String node, String device, Position position) {
        Optional<Place> place = places.stream()
                .filter(each ->
                        each.node().equals(node) && each.device().value().equals(device))
                .findFirst();
        if (place.isEmpty()) {
            List<String> known = places.stream()
                    .filter(each -> each.node().equals(node))
                    .map(each -> each.device().value())
                    .toList();
            problems.add(
                    position,
                    "%s has no interface '%s' here; %s"
                            .formatted(node, Text.printable(device), Spelling.hint(device, known)));
        }
        return place;
    }

    private List<Watch> watches(Probe probe, Function<Spot, Lab.Outlook> outlook) {
        List<Watch> watches = new ArrayList<>();
        Set<Place> seen = new HashSet<>();
        for (Spot spot : probe.spots()) {
            Place place = spot.at().value();
            if (!lab.nodes().containsKey(place.node())) {
                noNode(place.node(), spot.at().position());
            } else {
                place(place.node(), place.device().value(), spot.at().position());
            }
            if (!seen.add(place)) {
                problems.add(spot.at().position(), place + " is in this list already");
            }
            watches.add(new Watch(
                    new Point(place.node(), place.device()), outlook.apply(spot).sight()));
        }
        return watches;
    }

    private void see(Probe probe) {
        direction(probe.what())
                .ifPresent(pair -> checks.add(new Check.See(
                        pair.from(), target(pair.to()), watches(probe, Spot::request), watches(probe, Spot::reply))));
    }

    private void trace(Probe probe) {
        direction(probe.what())
                .ifPresent(pair -> checks.add(new Check.Trace(
                        pair.from(), target(pair.to()), probe.answered(), watches(probe, Spot::request))));
    }

    /** {@code NODE -> NODE} or {@code NODE -> TARGET}. */
    private Optional<Direction> direction(At<String> item) {
        String text = item.value();
        int arrow = text.indexOf("->");
        if (arrow < 0 || text.contains("<->")) {
            problems.add(item.position(), "'%s' must be 'NODE -> NODE'".formatted(Text.printable(text)));
            return Optional.empty();
        }
        String from = text.substring(0, arrow).trim();
        String to = text.substring(arrow + 2).trim();
        if (!addressedNode(from, item.position())) {
            return Optional.empty();
        }
        if (!lab.targets().containsKey(to) && !addressedNode(to, item.position())) {
            return Optional.empty();
        }
        return Optional.of(new Direction(from, to));
    }

    private boolean addressedNode(String name, Position position) {
        if (!lab.nodes().containsKey(name)) {
            noNode(name, position);
            return false;
        }
        if (!addressed.contains(name)) {
            problems.add(position, "%s has no address here, so it can neither reach nor be reached".formatted(name));
            return false;
        }
        return true;
    }

    private void noNode(String name, Position position) {
        problems.add(
                position,
                "'%s' is no node; %s"
                        .formatted(
                                Text.printable(name),
                                Spelling.hint(name, lab.nodes().keySet())));
    }

    private void neighbour(Lab.Neighbours neighbour) {
        if (addressedNode(neighbour.node().value(), neighbour.node().position())) {
            checks.add(new Check.Neighbour(neighbour.node().value(), neighbour.address(), neighbour.identity()));
        }
    }

    private void tcp(Lab.TcpAttempt attempt) {
        String text = attempt.pair().value();
        Position position = attempt.pair().position();
        int arrow = text.indexOf("->");
        if (arrow < 0) {
            problems.add(position, "'%s' must be 'NODE -> TARGET:PORT'".formatted(Text.printable(text)));
            return;
        }
        String from = text.substring(0, arrow).trim();
        String label = text.substring(arrow + 2).trim();
        int colon = label.indexOf(':');
        String to = colon < 0 ? label : label.substring(0, colon);
        if (!addressedNode(from, position) || !lab.targets().containsKey(to) && !addressedNode(to, position)) {
            return;
        }
        Optional<Lab.Target> named = Optional.ofNullable(lab.targets().get(to));
        Optional<Integer> port = port(label, colon, named, position);
        if (port.isPresent()) {
            Optional<Check.Server> server = named.map(target -> target.server()
                            .map(at -> new Check.Server(
                                    at.value().node(), at.value().port().orElse(port.get())))
                            .or(() -> owner(target.address()).map(node -> new Check.Server(node, port.get()))))
                    .orElseGet(() -> Optional.of(new Check.Server(to, port.get())));
            checks.add(
                    new Check.Tcp(from, label, target(to), port.get(), server, attempt.connection(), attempt.peer()));
        }
    }

    private Optional<Integer> port(String label, int colon, Optional<Lab.Target> named, Position position) {
        if (colon < 0) {
            Optional<Integer> port = named.filter(target -> target.port().isPresent())
                    .map(target -> target.port().getAsInt());
            if (port.isEmpty()) {
                problems.add(position, "'%s' has no port; write '%s:PORT'".formatted(label, label));
            }
            return port;
        }
        String text = label.substring(colon + 1);
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 65_535) {
            problems.add(position, "'%s' is no TCP port: use 1..65535".formatted(Text.printable(text)));
            return Optional.empty();
        }
        return Optional.of(Integer.valueOf(text));
    }

    private Optional<String> owner(InetAddress address) {
        return nodes.stream()
                .filter(node -> node.addresses().stream()
                        .map(RunningLab.Address::prefix)
                        .map(IpPrefix::address)
                        .anyMatch(address::equals))
                .map(RunningLab.Node::name)
                .findFirst();
    }
}
