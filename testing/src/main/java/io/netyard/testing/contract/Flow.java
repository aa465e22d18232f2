package io.netyard.testing.contract;

import java.util.Optional;

/**
 * Something that one node sends to another, and what is to become of it.
 *
 * @param kind what is sent
 * @param port destination port, with UDP and TCP
 * @param sourcePort with UDP, if it matters
 * @param source the sender's address, if it is not its first one
 * @param to the destination's address, if it is not its first one
 * @param at the node and port where it arrives, if its destination is rewritten: {@code s:80}
 * @param peer the source that the receiver must see, if that matters
 */
public record Flow(
        String from,
        String target,
        Kind kind,
        boolean ipv6,
        int port,
        Optional<Integer> sourcePort,
        Optional<String> source,
        Optional<String> to,
        Optional<String> at,
        Optional<String> peer,
        Fate fate) {

    /** What is sent. */
    public enum Kind {
        UDP,
        TCP,
        PING,
        /** The destination's hardware address is asked for, by ARP or neighbour discovery. */
        RESOLVE
    }

    /** What becomes of it. */
    public enum Fate {
        PASSES,
        /** Nothing is heard of it. */
        SILENT,
        /** The sender is told. */
        REFUSED
    }

    static Flow udp(String from, String to, int port) {
        return of(from, to, Kind.UDP, port);
    }

    static Flow tcp(String from, String to, int port) {
        return of(from, to, Kind.TCP, port);
    }

    static Flow ping(String from, String to) {
        return of(from, to, Kind.PING, 0);
    }

    static Flow resolve(String from, String to) {
        return of(from, to, Kind.RESOLVE, 0);
    }

    private static Flow of(String from, String to, Kind kind, int port) {
        return new Flow(
                from,
                to,
                kind,
                false,
                port,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Fate.PASSES);
    }

    Flow v6() {
        return new Flow(from, target, kind, true, port, sourcePort, source, to, at, peer, fate);
    }

    Flow fromPort(int number) {
        return new Flow(from, target, kind, ipv6, port, Optional.of(number), source, to, at, peer, fate);
    }

    Flow source(String address) {
        return new Flow(from, target, kind, ipv6, port, sourcePort, Optional.of(address), to, at, peer, fate);
    }

    Flow to(String address) {
        return new Flow(from, target, kind, ipv6, port, sourcePort, source, Optional.of(address), at, peer, fate);
    }

    Flow at(String nodeAndPort) {
        return new Flow(from, target, kind, ipv6, port, sourcePort, source, to, Optional.of(nodeAndPort), peer, fate);
    }

    Flow peer(String address) {
        return new Flow(from, target, kind, ipv6, port, sourcePort, source, to, at, Optional.of(address), fate);
    }

    Flow silent() {
        return new Flow(from, target, kind, ipv6, port, sourcePort, source, to, at, peer, Fate.SILENT);
    }

    Flow refused() {
        return new Flow(from, target, kind, ipv6, port, sourcePort, source, to, at, peer, Fate.REFUSED);
    }

    @Override
    public String toString() {
        return "%s%s %s>%s%s%s%s%s%s%s"
                .formatted(
                        kind,
                        ipv6 ? " IPv6" : "",
                        from,
                        target,
                        port == 0 ? "" : " port " + port,
                        sourcePort.map(number -> " from port " + number).orElse(""),
                        source.map(address -> " from " + address).orElse(""),
                        to.map(address -> " to " + address).orElse(""),
                        at.map(where -> " arriving at " + where).orElse(""),
                        peer.map(address -> " seen as " + address).orElse(""));
    }
}
