package io.netyard.api.firewall;

import java.util.Locale;

/** Where on a packet's way through the kernel a rule is asked. The rules of one point are tried in their order; points do not know of each other. */
public enum Point {
    /** A frame has come in at a port of the bridge; nothing has been decided about it yet. It still has the tag it came with. */
    INGRESS,
    /** Layer link: a frame is about to leave at another port. Layer network: a packet is being routed from one interface to another. */
    FORWARD,
    /** A packet is for this namespace itself. */
    INPUT,
    /** A packet was made in this namespace itself. */
    OUTPUT,
    /** Before a packet's way is chosen: where its destination can still be changed. */
    PREROUTING,
    /** When a packet is about to leave: where its source can be changed. */
    POSTROUTING;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
