package io.netyard.firewall.iptables;

import io.netyard.api.firewall.Condition.Frames;

/** The two halves of iptables: each has programs and tables of its own. */
enum IpFamily {
    IPV4(Frames.IPV4, '4', "iptables"),
    IPV6(Frames.IPV6, '6', "ip6tables");

    private final Frames frames;
    private final char digit;
    private final String tool;

    IpFamily(Frames frames, char digit, String tool) {
        this.frames = frames;
        this.digit = digit;
        this.tool = tool;
    }

    Frames frames() {
        return frames;
    }

    /** How a mark names it. */
    char digit() {
        return digit;
    }

    /** The tool's name, without what tells its flavour. */
    String tool() {
        return tool;
    }
}
