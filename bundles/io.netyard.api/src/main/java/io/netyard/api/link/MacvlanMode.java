package io.netyard.api.link;

import java.util.Locale;

/** Who hears whom among the macvlan interfaces of one parent (MACVLAN_MODE_*, linux/if_link.h). */
public enum MacvlanMode {
    /** Each other, without leaving the host. */
    BRIDGE,
    /** Nobody: frames between them are dropped. */
    PRIVATE,
    /** Each other, if the switch that the parent is connected to sends the frames back (802.1Qbg). */
    VEPA,
    /** There is one only, and it takes over the parent and its MAC address. */
    PASSTHRU;

    /** As iproute2 writes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
