package io.netyard.api.routing;

/**
 * A route as the kernel shows it.
 *
 * @param origin who made it, by the routing protocol number it carries (rtm_protocol, linux/rtnetlink.h): {@code kernel} (with an address),
 *     {@code boot} (by hand), {@code static}, {@code ra}, {@code dhcp}, {@link #NETYARD} …; the number where it has no name
 */
public record RouteEntry(Route route, String origin) {

    /** The origin of routes that Netyard made. */
    public static final String NETYARD = "netyard";

    /** The rtm_protocol that such routes carry. The kernel and iproute2 give this number to nobody else. */
    public static final int NETYARD_PROTOCOL = 78;

    public boolean isNetyards() {
        return origin.equals(NETYARD);
    }
}
