package io.netyard.api.routing;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * A line of the ARP (IPv4) or neighbour discovery (IPv6) table.
 *
 * @param mac empty while the address is not resolved
 */
public record Neighbour(InetAddress address, InterfaceName device, Optional<MacAddress> mac, State state) {

    /** NUD_*, linux/neighbour.h, in iproute2's words. */
    public enum State {
        /** Asked for, not answered yet. */
        INCOMPLETE,
        /** Answered lately. */
        REACHABLE,
        /** Answered some time ago; used unseen, and asked for again then. */
        STALE,
        /** Used while stale; about to be asked for. */
        DELAY,
        /** Asked for again. */
        PROBE,
        /** Did not answer. */
        FAILED,
        /** Set by hand: never asked for, never forgotten. */
        PERMANENT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** True if the kernel found it by asking; false if it was set by hand. */
    public boolean learned() {
        return state != State.PERMANENT;
    }
}
