package io.netyard.testing.attack;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import io.netyard.kernel.PacketSocket;
import io.netyard.kernel.packet.EthernetFrame;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Listens at several interfaces and tells which frames pass there. Not for use by several threads. */
public final class Lookout implements AutoCloseable {

    /**
     * A frame at a place.
     *
     * @param place as it was called when it was added
     * @param tags VIDs, outer one first
     * @param ttl TTL or hop limit; empty if it is no IP packet
     * @param source address in its IP header
     * @param outgoing on its way out of the interface
     */
    public record Seen(
            String place,
            List<Integer> tags,
            MacAddress from,
            MacAddress to,
            OptionalInt ttl,
            Optional<InetAddress> source,
            boolean outgoing) {

        /** {@code none}, {@code 50} or {@code 50.10}. */
        public String tagText() {
            return tags.isEmpty()
                    ? "none"
                    : String.join(".", tags.stream().map(String::valueOf).toList());
        }
    }

    /** What becomes of one broadcast in a network that may have loops. */
    public enum Copies {
        NONE,
        SINGLE,
        DUPLICATE,
        /** More than any number of paths explains: it goes round and round. */
        STORM
    }

    /** So many copies are no accident. */
    private static final int MANY = 10;

    private final Map<String, PacketSocket> sockets = new LinkedHashMap<>();

    /** Listens from now on; never promiscuous. */
    public Lookout add(String place, NetnsRef where, InterfaceName device) {
        sockets.put(place, PacketSocket.listen(where, device));
        return this;
    }

    /** All frames with a mark that pass from when the places were added until the time is over. */
    public List<Seen> watch(Mark mark, Duration time) {
        return watch(mark::isIn, time, Integer.MAX_VALUE);
    }

    /**
     * Waits for a marked frame at a place.
     *
     * @return the first one; empty after {@code limit}
     */
    public Optional<Seen> await(Mark mark, String place, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.isNegative()) {
                return Optional.empty();
            }
            Optional<Seen> seen = watch(mark::isIn, left, 1).stream()
                    .filter(each -> each.place().equals(place))
                    .findFirst();
            if (seen.isPresent()) {
                return seen;
            }
        }
    }

    /** How often a marked broadcast comes by at a place; a storm is told as soon as it is one. */
    public Copies count(Mark mark, String place, Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        int copies = 0;
        while (copies <= MANY) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.isNegative()) {
                break;
            }
            copies += (int) watch(mark::isIn, left, 1).stream()
                    .filter(seen -> seen.place().equals(place))
                    .count();
        }
        return copies > MANY ? Copies.STORM : copies > 1 ? Copies.DUPLICATE : copies == 1 ? Copies.SINGLE : Copies.NONE;
    }

    /**
     * Watches for several marks at once.
     *
     * @param enough asked whenever something has passed: whether to stop before the time is over
     * @return for each mark the frames with it, in the order in which they were found; empty lists where there were none
     */
    public Map<Mark, List<Seen>> watch(Collection<Mark> marks, Duration time, Predicate<Map<Mark, List<Seen>>> enough) {
        Map<Mark, List<Seen>> seen = new LinkedHashMap<>();
        marks.forEach(mark -> seen.put(mark, new ArrayList<>()));
        List<PacketSocket> all = List.copyOf(sockets.values());
        long deadline = System.nanoTime() + time.toNanos();
        while (true) {
            sockets.forEach((place, socket) -> drain(socket, received -> marks.stream()
                    .filter(mark -> mark.isIn(received.bytes()))
                    .forEach(mark -> seen(place, received).ifPresent(seen.get(mark)::add))));
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.isNegative() || enough.test(seen)) {
                return seen;
            }
            PacketSocket.poll(all, left);
        }
    }

    private List<Seen> watch(Predicate<byte[]> which, Duration time, int enough) {
        List<Seen> seen = new ArrayList<>();
        List<PacketSocket> all = List.copyOf(sockets.values());
        long deadline = System.nanoTime() + time.toNanos();
        while (seen.size() < enough) {
            sockets.forEach((place, socket) -> receive(place, socket, which, seen));
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.isNegative() || seen.size() >= enough) {
                break;
            }
            PacketSocket.poll(all, left);
        }
        return seen;
    }

    private static void receive(String place, PacketSocket socket, Predicate<byte[]> which, List<Seen> seen) {
        drain(socket, received -> {
            if (which.test(received.bytes())) {
                seen(place, received).ifPresent(seen::add);
            }
        });
    }

    private static void drain(PacketSocket socket, Consumer<PacketSocket.Received> each) {
        for (Optional<PacketSocket.Received> next = socket.receive(); next.isPresent(); next = socket.receive()) {
            each.accept(next.get());
        }
    }

    private static Optional<Seen> seen(String place, PacketSocket.Received received) {
        return EthernetFrame.of(received.bytes(), received.tag())
                .map(frame -> new Seen(
                        place,
                        frame.tags(),
                        frame.source(),
                        frame.destination(),
                        ttl(frame),
                        source(frame),
                        received.outgoing()));
    }

    private static OptionalInt ttl(EthernetFrame frame) {
        return switch (frame.etherType()) {
            case EthernetFrame.IPV4 -> OptionalInt.of(frame.payload()[8] & 0xff);
            case EthernetFrame.IPV6 -> OptionalInt.of(frame.payload()[7] & 0xff);
            default -> OptionalInt.empty();
        };
    }

    private static Optional<InetAddress> source(EthernetFrame frame) {
        byte[] packet = frame.payload();
        try {
            return switch (frame.etherType()) {
                case EthernetFrame.IPV4 -> Optional.of(InetAddress.getByAddress(Arrays.copyOfRange(packet, 12, 16)));
                case EthernetFrame.IPV6 -> Optional.of(InetAddress.getByAddress(Arrays.copyOfRange(packet, 8, 24)));
                default -> Optional.empty();
            };
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    @Override
    public void close() {
        sockets.values().forEach(PacketSocket::close);
    }
}
