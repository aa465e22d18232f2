package io.netyard.proof;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.KernelException;
import io.netyard.api.NetyardException;
import io.netyard.api.lab.Check;
import io.netyard.api.lab.Check.Watch;
import io.netyard.api.lab.Point;
import io.netyard.api.lab.Sight;
import io.netyard.api.lab.Target;
import io.netyard.api.proof.Verdict;
import io.netyard.api.proof.Verdict.Finding;
import io.netyard.api.proof.Verdict.Sighting;
import io.netyard.kernel.IcmpSocket;
import io.netyard.kernel.PacketSocket;
import io.netyard.kernel.packet.ArpPacket;
import io.netyard.kernel.packet.EthernetFrame;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Marked frames, sent all at the same time, and where they are seen: one socket on each interface that is watched, all read by one
 * loop. Each frame has a mark of its own, so that they do not disturb each other. For one run, on one thread.
 */
final class FrameRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FrameRun.class);

    /** How often a frame is sent that does not come by where it should: a port that has only just come up may have lost it. */
    private static final int ATTEMPTS = 6;

    private record Door(String node, boolean ipv6) {}

    /** How a frame looks at a point. */
    private record Look(Marked.Kind kind, Point at, List<Integer> tags, Optional<InetAddress> source) {}

    /** One frame, or one request with its answer. */
    private abstract class Probe {

        private final int index;
        private final List<Map<Look, Integer>> seen = new ArrayList<>();
        private long sentNanos;
        String detail = "";

        Probe(int index) {
            this.index = index;
        }

        abstract List<Watch> watches(Marked.Kind kind);

        abstract void prepare();

        abstract void emit(int attempt);

        abstract Finding result();

        boolean canSend() {
            return detail.isEmpty();
        }

        void send() {
            int attempt = seen.size();
            seen.add(new LinkedHashMap<>());
            sentNanos = System.nanoTime();
            lastSentNanos = sentNanos;
            try {
                emit(attempt);
            } catch (KernelException e) {
                // No route, an interface that is down, a rule that forbids it: then the frame is seen nowhere, which is
                // what was asked.
                LOG.debug("a frame is not sent", e);
            }
        }

        void saw(int attempt, Look look) {
            if (attempt >= 0 && attempt < seen.size()) {
                seen.get(attempt).merge(look, 1, Integer::sum);
                if (attempt == seen.size() - 1) {
                    patience.saw(Duration.ofNanos(System.nanoTime() - sentNanos));
                }
            }
        }

        /** Whether it was last seen wherever it should be: then there is no use in sending it again. */
        boolean isComplete() {
            for (Marked.Kind kind : Marked.Kind.values()) {
                for (Watch watch : watches(kind)) {
                    if (watch.sight().isPresent()
                            && sights(kind, watch.at(), false).isEmpty()) {
                        return false;
                    }
                }
            }
            return true;
        }

        /** At the last attempt. */
        private List<Sight> sights(Marked.Kind kind, Point at, boolean withSource) {
            Map<Look, Integer> last = seen.isEmpty() ? Map.of() : seen.get(seen.size() - 1);
            Map<Look, Integer> alike = new LinkedHashMap<>();
            last.forEach((look, copies) -> {
                if (look.kind() == kind && look.at().equals(at)) {
                    Optional<InetAddress> source = withSource ? look.source() : Optional.empty();
                    alike.merge(new Look(kind, at, look.tags(), source), copies, Integer::sum);
                }
            });
            return alike.entrySet().stream()
                    .map(entry -> new Sight(
                            entry.getKey().tags(),
                            entry.getValue(),
                            entry.getKey().source()))
                    .toList();
        }

        List<Sighting> sightings(Marked.Kind kind, boolean withSource) {
            return watches(kind).stream()
                    .map(watch -> new Sighting(watch, sights(kind, watch.at(), withSource)))
                    .toList();
        }

        Token token(int attempt) {
            return new Token(run, index, attempt);
        }
    }

    private final class BroadcastProbe extends Probe {

        private final Check.Broadcast check;
        private PacketSocket sender;
        private Inet4Address own;
        private Inet4Address asked;

        BroadcastProbe(int index, Check.Broadcast check) {
            super(index);
            this.check = check;
        }

        @Override
        List<Watch> watches(Marked.Kind kind) {
            return kind == Marked.Kind.BROADCAST ? check.watches() : List.of();
        }

        @Override
        void prepare() {
            String node = check.from().node();
            detail = nodes.unusable(node).orElse("");
            if (!detail.isEmpty()) {
                return;
            }
            Optional<InterfaceName> device = check.from().device().or(() -> nodes.sendingDevice(node));
            if (device.isEmpty()) {
                detail = node + " has no interface to send from";
                return;
            }
            Optional<IpPrefix> prefix = nodes.addresses(node).stream()
                    .filter(address -> address.device().equals(device.get()))
                    .map(address -> address.prefix())
                    .filter(IpPrefix::isIpv4)
                    .findFirst();
            own = prefix.map(at -> (Inet4Address) at.address()).orElse(NOBODY);
            asked = prefix.map(at -> unused(at, nodes.allAddresses())).orElse(NOBODY);
            try {
                sender = senders.computeIfAbsent(
                        new Point(node, device.get()), point -> PacketSocket.sender(nodes.netns(node), device.get()));
            } catch (NetyardException e) {
                detail = "%s cannot send: %s".formatted(check.from(), e.getMessage());
            }
        }

        @Override
        void emit(int attempt) {
            byte[] mark = token(attempt).toBytes();
            sender.send(ArpPacket.request(sender.mac(), own, asked)
                    .frame(EthernetFrame.BROADCAST, check.tags(), mark)
                    .toBytes());
        }

        @Override
        Finding result() {
            return new Verdict.Broadcast(
                    check.from().toString(), check.tags(), sightings(Marked.Kind.BROADCAST, false), detail);
        }
    }

    private abstract class EchoProbe extends Probe {

        final String from;
        final Target to;
        private InetAddress target;
        private IcmpSocket socket;
        private OptionalInt ttl = OptionalInt.empty();
        private Optional<Duration> roundTrip = Optional.empty();

        EchoProbe(int index, String from, Target to) {
            super(index);
            this.from = from;
            this.to = to;
        }

        @Override
        void prepare() {
            detail = nodes.unusable(from).or(() -> nodes.unusable(to)).orElse("");
            if (!detail.isEmpty()) {
                return;
            }
            Optional<InetAddress> address = nodes.address(from, to);
            if (address.isEmpty()) {
                detail = "%s has no address that %s could ask".formatted(to, from);
                return;
            }
            target = address.get();
            try {
                socket = echoes.computeIfAbsent(
                        new Door(from, target instanceof Inet6Address),
                        door -> IcmpSocket.open(nodes.netns(from), door.ipv6()));
            } catch (NetyardException e) {
                detail = "%s cannot be entered: %s".formatted(from, e.getMessage());
            }
        }

        @Override
        void emit(int attempt) {
            byte[] mark = token(attempt).toBytes();
            int identifier = (int) run & 0xffff;
            socket.send(
                    socket.isIpv6()
                            ? Echo.requestV6(identifier, attempt, mark)
                            : Echo.requestV4(identifier, attempt, mark),
                    target,
                    0);
        }

        void answered(InetAddress source, Echo echo) {
            if (source.equals(target) && roundTrip.isEmpty()) {
                ttl = echo.ttl();
                roundTrip = Optional.of(Duration.ofNanos(System.nanoTime() - super.sentNanos));
                patience.saw(roundTrip.get());
            }
        }

        boolean isAnswered() {
            return roundTrip.isPresent();
        }

        Verdict.Ping ping(boolean expected) {
            Optional<Integer> seen = ttl.isPresent() ? Optional.of(ttl.getAsInt()) : Optional.empty();
            return new Verdict.Ping(from, to.name(), expected, isAnswered(), seen, roundTrip, detail);
        }
    }

    private final class SeeProbe extends EchoProbe {

        private final Check.See check;

        SeeProbe(int index, Check.See check) {
            super(index, check.from(), check.to());
            this.check = check;
        }

        @Override
        List<Watch> watches(Marked.Kind kind) {
            return switch (kind) {
                case REQUEST -> check.requests();
                case REPLY -> check.replies();
                case BROADCAST -> List.of();
            };
        }

        @Override
        Finding result() {
            return new Verdict.See(
                    from,
                    to.name(),
                    sightings(Marked.Kind.REQUEST, false),
                    sightings(Marked.Kind.REPLY, false),
                    detail);
        }
    }

    private final class TraceProbe extends EchoProbe {

        private final Check.Trace check;

        TraceProbe(int index, Check.Trace check) {
            super(index, check.from(), check.to());
            this.check = check;
        }

        @Override
        List<Watch> watches(Marked.Kind kind) {
            return kind == Marked.Kind.REQUEST ? check.watches() : List.of();
        }

        @Override
        boolean isComplete() {
            return super.isComplete() && (isAnswered() || !check.answered());
        }

        @Override
        Finding result() {
            return new Verdict.Trace(ping(check.answered()), sightings(Marked.Kind.REQUEST, true));
        }
    }

    private static final Inet4Address NOBODY = ipv4(0);

    private final long run = new SecureRandom().nextLong();
    private final Nodes nodes;
    private final Patience patience;
    private final List<Probe> probes = new ArrayList<>();
    private final Map<Point, PacketSocket> ears = new LinkedHashMap<>();
    private final Map<Point, PacketSocket> senders = new HashMap<>();
    private final Map<Door, IcmpSocket> echoes = new LinkedHashMap<>();
    private long lastSentNanos;

    /** @param wanted broadcasts, sees and traces */
    FrameRun(Nodes nodes, List<? extends Check> wanted, Patience patience) {
        this.nodes = nodes;
        this.patience = patience;
        for (Check check : wanted) {
            int index = probes.size();
            if (check instanceof Check.Broadcast broadcast) {
                probes.add(new BroadcastProbe(index, broadcast));
            } else if (check instanceof Check.See see) {
                probes.add(new SeeProbe(index, see));
            } else if (check instanceof Check.Trace trace) {
                probes.add(new TraceProbe(index, trace));
            } else {
                throw new IllegalArgumentException("sends no frame: " + check);
            }
        }
    }

    /** @return one result for each, in their order */
    List<Finding> measure() {
        probes.forEach(Probe::prepare);
        listenEverywhere();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            boolean first = attempt == 0;
            List<Probe> due = probes.stream()
                    .filter(probe -> probe.canSend() && (first || !probe.isComplete()))
                    .toList();
            if (due.isEmpty()) {
                break;
            }
            for (Probe probe : due) {
                probe.send();
                receiveAll();
            }
            listen();
        }
        return probes.stream().map(Probe::result).toList();
    }

    private void listenEverywhere() {
        Map<String, Set<InterfaceName>> devices = new LinkedHashMap<>();
        for (Probe probe : probes) {
            for (Point point : points(probe)) {
                devices.computeIfAbsent(point.node(), node -> new LinkedHashSet<>())
                        .add(point.device());
            }
        }
        Map<Point, String> deaf = new HashMap<>();
        devices.forEach((node, names) -> listen(node, names, deaf));
        for (Probe probe : probes) {
            points(probe).stream()
                    .filter(point -> deaf.containsKey(point) && probe.detail.isEmpty())
                    .findFirst()
                    .ifPresent(point -> probe.detail = deaf.get(point));
        }
    }

    private static List<Point> points(Probe probe) {
        List<Point> points = new ArrayList<>();
        for (Marked.Kind kind : Marked.Kind.values()) {
            probe.watches(kind).forEach(watch -> points.add(watch.at()));
        }
        return points;
    }

    private void listen(String node, Set<InterfaceName> names, Map<Point, String> deaf) {
        Optional<String> unusable = nodes.unusable(node);
        if (unusable.isPresent()) {
            names.forEach(name -> deaf.put(new Point(node, name), unusable.get()));
            return;
        }
        try {
            PacketSocket.listen(nodes.netns(node), names)
                    .forEach((name, socket) -> ears.put(new Point(node, name), socket));
        } catch (NetyardException e) {
            // One of them is missing: which one shows when each is tried.
            for (InterfaceName name : names) {
                Point point = new Point(node, name);
                try {
                    ears.put(point, PacketSocket.listen(nodes.netns(node), name));
                } catch (NetyardException one) {
                    deaf.put(point, "nobody can listen at %s: %s".formatted(point, one.getMessage()));
                }
            }
        }
    }

    /** To the end, also if all has been seen: a frame must not come by a second time, nor where it must not. */
    private void listen() {
        List<PacketSocket> frames = List.copyOf(ears.values());
        List<IcmpSocket> answers = List.copyOf(echoes.values());
        while (true) {
            Duration left = patience.now().minusNanos(System.nanoTime() - lastSentNanos);
            if (left.isNegative() || left.isZero()) {
                receiveAll();
                return;
            }
            PacketSocket.poll(frames, answers, left);
            receiveAll();
        }
    }

    private void receiveAll() {
        ears.forEach(this::receive);
        echoes.values().forEach(this::receive);
    }

    private void receive(Point at, PacketSocket socket) {
        for (Optional<PacketSocket.Received> next = socket.receive(); next.isPresent(); next = socket.receive()) {
            PacketSocket.Received received = next.get();
            EthernetFrame.of(received.bytes(), received.tag()).ifPresent(frame -> Marked.of(frame)
                    .filter(marked -> isOurs(marked.token()))
                    .ifPresent(marked -> probes.get(marked.token().pair())
                            .saw(
                                    marked.token().attempt(),
                                    new Look(marked.kind(), at, frame.tags(), marked.source()))));
        }
    }

    private void receive(IcmpSocket socket) {
        for (Optional<IcmpSocket.Received> next = socket.receive(); next.isPresent(); next = socket.receive()) {
            IcmpSocket.Received received = next.get();
            Optional<Echo> reply = socket.isIpv6() ? Echo.replyV6(received.bytes()) : Echo.replyV4(received.bytes());
            reply.ifPresent(
                    echo -> Token.of(echo.payload()).filter(this::isOurs).ifPresent(token -> {
                        if (probes.get(token.pair()) instanceof EchoProbe probe && probe.socket == socket) {
                            probe.answered(received.source(), echo);
                        }
                    }));
        }
    }

    private boolean isOurs(Token token) {
        return token.run() == run && token.pair() >= 0 && token.pair() < probes.size();
    }

    /** An address in a subnet that no node has, the highest one; the own one if there is no other. */
    static Inet4Address unused(IpPrefix own, Set<InetAddress> taken) {
        int bits = ByteBuffer.wrap(own.address().getAddress()).getInt();
        int hostBits = 32 - own.length();
        int mask = hostBits >= 32 ? -1 : (1 << hostBits) - 1;
        long broadcast = (bits | mask) & 0xffff_ffffL;
        long network = (bits & ~mask) & 0xffff_ffffL;
        for (long candidate = broadcast - 1; candidate > network && broadcast - candidate < 4096; candidate--) {
            Inet4Address address = ipv4((int) candidate);
            if (!taken.contains(address)) {
                return address;
            }
        }
        return (Inet4Address) own.address();
    }

    private static Inet4Address ipv4(int bits) {
        try {
            return (Inet4Address)
                    InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(bits).array());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    @Override
    public void close() {
        ears.values().forEach(PacketSocket::close);
        senders.values().forEach(PacketSocket::close);
        echoes.values().forEach(IcmpSocket::close);
    }
}
