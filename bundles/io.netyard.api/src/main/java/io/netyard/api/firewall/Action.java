package io.netyard.api.firewall;

import io.netyard.api.IpPrefix;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What becomes of a packet.
 *
 * @param kind what it is
 * @param to with {@link Kind#SNAT} and {@link Kind#DNAT}: the new address
 * @param port with {@link Kind#DNAT}: the new port, 1 to 65535, if that changes too
 */
public record Action(Kind kind, Optional<InetAddress> to, OptionalInt port) {

    public static final Action ACCEPT = new Action(Kind.ACCEPT, Optional.empty(), OptionalInt.empty());
    public static final Action DROP = new Action(Kind.DROP, Optional.empty(), OptionalInt.empty());
    public static final Action REJECT = new Action(Kind.REJECT, Optional.empty(), OptionalInt.empty());
    public static final Action MASQUERADE = new Action(Kind.MASQUERADE, Optional.empty(), OptionalInt.empty());

    /** The kinds. */
    public enum Kind {
        /** It goes on; no further rule of this policy at this point is asked. */
        ACCEPT,
        /** It is gone, without a word. */
        DROP,
        /** It is gone, and the sender is told by ICMP (port unreachable) or, with TCP, by a reset. Layer network only. */
        REJECT,
        /** Its source becomes the address of the interface that it leaves by. */
        MASQUERADE,
        /** Its source becomes a given address. */
        SNAT,
        /** Its destination becomes a given address, and a given port if there is one. */
        DNAT
    }

    public Action {
        boolean rewrites = kind == Kind.SNAT || kind == Kind.DNAT;
        if (rewrites != to.isPresent()) {
            throw new IllegalArgumentException("%s %s"
                    .formatted(
                            kind.name().toLowerCase(Locale.ROOT), rewrites ? "needs an address" : "takes no address"));
        }
        if (port.isPresent() && kind != Kind.DNAT) {
            throw new IllegalArgumentException("only dnat takes a port");
        }
        port.ifPresent(number -> PortRange.requirePort(number));
    }

    public static Action snat(InetAddress to) {
        return new Action(Kind.SNAT, Optional.of(to), OptionalInt.empty());
    }

    public static Action dnat(InetAddress to, OptionalInt port) {
        return new Action(Kind.DNAT, Optional.of(to), port);
    }

    /** The words of {@link Rule#parse}. */
    @Override
    public String toString() {
        String word = kind.name().toLowerCase(Locale.ROOT);
        if (to.isEmpty()) {
            return word;
        }
        String address = IpPrefix.text(to.get());
        if (port.isEmpty()) {
            return word + " " + address;
        }
        String host = address.contains(":") ? "[" + address + "]" : address;
        return "%s %s:%d".formatted(word, host, port.getAsInt());
    }
}
