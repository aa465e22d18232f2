package io.netyard.proof;

import io.netyard.api.InterfaceName;
import io.netyard.api.KernelException;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.lab.Check;
import io.netyard.api.lab.Point;
import io.netyard.api.lab.RunningLab.Address;
import io.netyard.api.proof.Verdict.Answer;
import io.netyard.api.proof.Verdict.Arp;
import io.netyard.kernel.PacketSocket;
import io.netyard.kernel.packet.ArpPacket;
import io.netyard.kernel.packet.EthernetFrame;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * ARP requests of all pairs at the same time, and who answers them: one socket on each asking interface, all read by one loop. The
 * kernel's own ARP table takes no part. For one run, on one thread.
 */
final class ArpRun implements AutoCloseable {

    /** How often a pair that should answer is asked. */
    private static final int ATTEMPTS = 8;

    /** What is known of one pair. */
    private static final class Asked {
        private final Check.Arp pair;
        private Address from;
        private Inet4Address target;
        private PacketSocket socket;
        private Set<MacAddress> real = Set.of();
        private final Set<MacAddress> answers = new HashSet<>();
        private long sentNanos;
        private String detail = "";

        Asked(Check.Arp pair) {
            this.pair = pair;
        }

        boolean canAsk() {
            return socket != null && detail.isEmpty();
        }

        /** Without a known owner every answer is a good one. */
        Arp result() {
            boolean genuine = answers.stream().anyMatch(mac -> real.isEmpty() || real.contains(mac));
            boolean forged = answers.stream().anyMatch(mac -> !real.isEmpty() && !real.contains(mac));
            Answer answer = genuine ? forged ? Answer.AMBIGUOUS : Answer.OK : forged ? Answer.FORGED : Answer.FAIL;
            return new Arp(pair.from(), pair.to().name(), pair.reachable(), answer, detail);
        }
    }

    private final Nodes nodes;
    private final Patience patience;
    private final Map<NetnsRef, Set<MacAddress>> macs = new HashMap<>();
    private final List<Asked> pairs = new ArrayList<>();
    private final Map<Point, PacketSocket> sockets = new LinkedHashMap<>();
    private long lastSentNanos;

    ArpRun(Nodes nodes, List<Check.Arp> wanted, Patience patience) {
        this.nodes = nodes;
        this.patience = patience;
        wanted.forEach(pair -> pairs.add(new Asked(pair)));
    }

    /** @return one result for each pair, in their order */
    List<Arp> measure() {
        pairs.forEach(this::prepare);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            boolean first = attempt == 0;
            List<Asked> due = pairs.stream()
                    .filter(asked -> asked.canAsk() && (first || asked.pair.reachable() && asked.answers.isEmpty()))
                    .toList();
            if (due.isEmpty()) {
                break;
            }
            due.forEach(this::send);
            // To the end, also if all have been answered: a second answer would be somebody else's.
            listen();
        }
        return pairs.stream().map(Asked::result).toList();
    }

    private void prepare(Asked asked) {
        Check.Arp pair = asked.pair;
        asked.detail =
                nodes.unusable(pair.from()).or(() -> nodes.unusable(pair.to())).orElse("");
        if (!asked.detail.isEmpty()) {
            return;
        }
        Optional<InetAddress> target = nodes.address(pair.from(), pair.to());
        if (target.isEmpty() && !pair.reachable()) {
            return;
        }
        if (!(target.orElse(null) instanceof Inet4Address ipv4)) {
            asked.detail = "%s has no IPv4 address that %s could ask for".formatted(pair.to(), pair.from());
            return;
        }
        Optional<Address> from = Targets.sender(nodes.addresses(pair.from()), ipv4);
        if (from.isEmpty()) {
            asked.detail = pair.from() + " has no IPv4 address to ask from";
            return;
        }
        asked.from = from.get();
        asked.target = ipv4;
        try {
            NetnsRef netns = nodes.netns(pair.from());
            InterfaceName device = asked.from.device();
            asked.socket = sockets.computeIfAbsent(
                    new Point(pair.from(), device), point -> PacketSocket.listen(netns, device));
            asked.real = nodes.owner(ipv4)
                    .filter(owner -> nodes.unusable(owner).isEmpty())
                    .map(owner -> macs.computeIfAbsent(nodes.netns(owner), Interfaces::hardwareAddresses))
                    .orElse(Set.of());
        } catch (NetyardException e) {
            asked.detail = "%s cannot ask: %s".formatted(pair.from(), e.getMessage());
        }
    }

    private void send(Asked asked) {
        MacAddress mac = asked.socket.mac();
        Inet4Address own = (Inet4Address) asked.from.prefix().address();
        asked.sentNanos = System.nanoTime();
        lastSentNanos = asked.sentNanos;
        try {
            asked.socket.send(ArpPacket.request(mac, own, asked.target)
                    .frame(EthernetFrame.BROADCAST, List.of(), new byte[0])
                    .toBytes());
        } catch (KernelException e) {
            // An interface that is down: the pair is apart, which is what was asked.
            asked.answers.clear();
        }
        receive(asked.socket);
    }

    private void listen() {
        List<PacketSocket> all = List.copyOf(sockets.values());
        while (true) {
            Duration left = patience.now().minusNanos(System.nanoTime() - lastSentNanos);
            if (left.isNegative() || left.isZero()) {
                all.forEach(this::receive);
                return;
            }
            PacketSocket.poll(all, left).forEach(this::receive);
        }
    }

    private void receive(PacketSocket socket) {
        for (Optional<PacketSocket.Received> next = socket.receive(); next.isPresent(); next = socket.receive()) {
            PacketSocket.Received received = next.get();
            if (!received.outgoing()) {
                EthernetFrame.of(received.bytes(), received.tag())
                        // With a tag it is not for this interface: its subinterface has a socket of its own.
                        .filter(frame -> frame.tags().isEmpty())
                        .flatMap(ArpPacket::of)
                        .filter(packet -> packet.operation() == ArpPacket.REPLY)
                        .ifPresent(packet -> count(socket, packet));
            }
        }
    }

    private void count(PacketSocket socket, ArpPacket reply) {
        for (Asked asked : pairs) {
            if (asked.socket == socket
                    && asked.sentNanos != 0
                    && reply.sender().equals(asked.target)
                    && reply.targetMac().equals(socket.mac())) {
                if (asked.answers.add(reply.senderMac())) {
                    patience.saw(Duration.ofNanos(System.nanoTime() - asked.sentNanos));
                }
            }
        }
    }

    @Override
    public void close() {
        sockets.values().forEach(PacketSocket::close);
    }
}
