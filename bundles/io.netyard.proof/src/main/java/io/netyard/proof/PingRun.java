package io.netyard.proof;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.lab.Check;
import io.netyard.api.proof.Verdict.Ping;
import io.netyard.kernel.IcmpSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All pairs of a lab that should reach each other ping at the same time, then all that should not: one socket in each source
 * namespace (two if it asks over IPv4 and IPv6), all read by one loop. For one run, on one thread.
 */
final class PingRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PingRun.class);

    /** How often a pair that should answer is asked: over more than the second that the kernel may take to see that a link is up. */
    private static final int ATTEMPTS = 8;

    private record Door(String node, boolean ipv6) {}

    /**
     * So many pairs ask at the same time; more are asked in turn. The kernel remembers at most 1,024 neighbours of a family for all
     * namespaces together (net.ipv4.neigh.default.gc_thresh3), each pair takes up to two, and what finds no place is dropped
     * without a word: it would look like isolation.
     */
    private static final int AT_ONCE = 400;

    // asm-generic/errno.h: the request has not even left the socket.
    private static final int EAGAIN = 11;
    private static final int ENOMEM = 12;
    private static final int ENOBUFS = 105;
    private static final Set<Integer> NOT_SENT = Set.of(EAGAIN, ENOMEM, ENOBUFS);

    /** What is known of one pair. */
    private static final class Asked {
        private final int index;
        private final Check.Ping pair;
        private InetAddress target;
        private IcmpSocket socket;
        private final long[] sentNanos = new long[ATTEMPTS];
        private OptionalInt ttl = OptionalInt.empty();
        private Duration roundTrip;
        private String detail = "";

        Asked(int index, Check.Ping pair) {
            this.index = index;
            this.pair = pair;
        }

        boolean canAsk() {
            return socket != null && detail.isEmpty();
        }

        boolean isOpen() {
            return canAsk() && !reached();
        }

        boolean reached() {
            return roundTrip != null;
        }

        Ping result() {
            Optional<Integer> answeredTtl = ttl.isPresent() ? Optional.of(ttl.getAsInt()) : Optional.empty();
            return new Ping(
                    pair.from(),
                    pair.to().name(),
                    pair.reachable(),
                    reached(),
                    answeredTtl,
                    Optional.ofNullable(roundTrip),
                    detail);
        }
    }

    private final long run = new SecureRandom().nextLong();
    private final Nodes nodes;
    private final List<Asked> pairs = new ArrayList<>();
    private final Map<Door, IcmpSocket> sockets = new LinkedHashMap<>();
    private final Patience patience;
    private long lastSentNanos;

    PingRun(Nodes nodes, List<Check.Ping> wanted, Patience patience) {
        this.nodes = nodes;
        this.patience = patience;
        wanted.forEach(pair -> pairs.add(new Asked(pairs.size(), pair)));
    }

    /** @return one result for each pair, in their order */
    List<Ping> measure() {
        pairs.forEach(this::prepare);
        // First those that should answer: links that have only just come up let nothing through for a moment, and when
        // these have answered, silence of the others is no accident.
        askInTurn(asked -> asked.pair.reachable());
        askInTurn(asked -> !asked.pair.reachable());
        return pairs.stream().map(Asked::result).toList();
    }

    private void askInTurn(Predicate<Asked> which) {
        List<Asked> usable = pairs.stream().filter(Asked::canAsk).filter(which).toList();
        for (int start = 0; start < usable.size(); start += AT_ONCE) {
            ask(usable.subList(start, Math.min(start + AT_ONCE, usable.size())));
        }
    }

    private void ask(List<Asked> some) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int now = attempt;
            List<Asked> due = some.stream()
                    .filter(asked -> asked.isOpen() && (now == 0 || asked.pair.reachable()))
                    .toList();
            if (due.isEmpty()) {
                break;
            }
            forgetNeighbours();
            due.forEach(asked -> send(asked, now));
            listen(due);
        }
    }

    private void prepare(Asked asked) {
        Check.Ping pair = asked.pair;
        asked.detail =
                nodes.unusable(pair.from()).or(() -> nodes.unusable(pair.to())).orElse("");
        if (!asked.detail.isEmpty()) {
            return;
        }
        if (!pair.reachable() && (nodes.addresses(pair.from()).isEmpty() || !nodes.hasAddress(pair.to()))) {
            // Nothing to ask and nobody to answer: that is the isolation that was promised.
            return;
        }
        Optional<InetAddress> target = nodes.address(pair.from(), pair.to());
        if (target.isEmpty()) {
            asked.detail = "%s has no address that %s could ask".formatted(pair.to(), pair.from());
            return;
        }
        asked.target = target.get();
        try {
            asked.socket = sockets.computeIfAbsent(
                    new Door(pair.from(), asked.target instanceof Inet6Address),
                    door -> IcmpSocket.open(nodes.netns(pair.from()), door.ipv6()));
        } catch (NetyardException e) {
            asked.detail = "%s cannot be entered: %s".formatted(pair.from(), e.getMessage());
        }
    }

    /**
     * So that every pair has to find its way again: a remembered neighbour would answer for one that can't be asked any more. On all
     * nodes, since routers lie between. Before every attempt, since the kernel asks again for one that has not answered only after a
     * second.
     */
    private void forgetNeighbours() {
        Set<InetAddress> addresses = nodes.allAddresses();
        pairs.stream().filter(Asked::canAsk).forEach(asked -> addresses.add(asked.target));
        for (NetnsRef netns : nodes.addressedNamespaces()) {
            try {
                Neighbours.forget(netns, addresses);
            } catch (NetyardException e) {
                // The measurement still counts; a namespace that has gone says so when it is asked.
                LOG.warn("neighbours in {} are not forgotten: {}", netns, e.getMessage());
            }
        }
    }

    private void send(Asked asked, int attempt) {
        byte[] token = new Token(run, asked.index, attempt).toBytes();
        int identifier = (int) run & 0xffff;
        byte[] message = asked.socket.isIpv6()
                ? Echo.requestV6(identifier, attempt, token)
                : Echo.requestV4(identifier, attempt, token);
        asked.sentNanos[attempt] = System.nanoTime();
        lastSentNanos = asked.sentNanos[attempt];
        try {
            asked.socket.send(message, asked.target, 0);
        } catch (KernelException e) {
            if (NOT_SENT.contains(e.errno())) {
                asked.detail = e.getMessage();
            }
            // Else: no route, an interface that is down, a rule that forbids it. The pair is apart, which is what was
            // asked.
            LOG.debug("{} cannot ask {}", asked.pair.from(), asked.pair.to(), e);
        }
        // Read while sending, or the time that the other requests take would count as this one's.
        receive(asked.socket);
    }

    /** Reads answers until all have come, or those that have not come have been waited for long enough. */
    private void listen(List<Asked> due) {
        List<IcmpSocket> all = List.copyOf(sockets.values());
        while (due.stream().anyMatch(Asked::isOpen)) {
            Duration left = patience.now().minusNanos(System.nanoTime() - lastSentNanos);
            if (left.isNegative() || left.isZero()) {
                // What came while the last answers were read is here by now.
                all.forEach(this::receive);
                return;
            }
            IcmpSocket.poll(all, left).forEach(this::receive);
        }
    }

    private void receive(IcmpSocket socket) {
        for (Optional<IcmpSocket.Received> next = socket.receive(); next.isPresent(); next = socket.receive()) {
            IcmpSocket.Received received = next.get();
            Optional<Echo> reply = socket.isIpv6() ? Echo.replyV6(received.bytes()) : Echo.replyV4(received.bytes());
            reply.ifPresent(echo -> Token.of(echo.payload())
                    .filter(token -> token.run() == run)
                    .ifPresent(token -> count(socket, received.source(), token, echo.ttl())));
        }
    }

    private void count(IcmpSocket socket, InetAddress source, Token token, OptionalInt ttl) {
        if (token.pair() < 0 || token.pair() >= pairs.size() || token.attempt() < 0 || token.attempt() >= ATTEMPTS) {
            return;
        }
        Asked asked = pairs.get(token.pair());
        if (asked.socket != socket || asked.reached() || !source.equals(asked.target)) {
            return;
        }
        asked.roundTrip = Duration.ofNanos(System.nanoTime() - asked.sentNanos[token.attempt()]);
        asked.ttl = ttl;
        patience.saw(asked.roundTrip);
    }

    @Override
    public void close() {
        sockets.values().forEach(IcmpSocket::close);
    }
}
