package io.netyard.api.firewall;

import java.util.EnumSet;
import java.util.Set;

/** What kind of traffic a policy is about. */
public enum Layer {
    /** Frames that a bridge passes between its ports. */
    LINK(EnumSet.of(Point.INGRESS, Point.FORWARD)),
    /** IP packets that a namespace receives, routes or sends. */
    NETWORK(EnumSet.of(Point.INPUT, Point.FORWARD, Point.OUTPUT)),
    /** Addresses that a namespace rewrites. */
    NAT(EnumSet.of(Point.PREROUTING, Point.POSTROUTING));

    private final Set<Point> points;

    Layer(Set<Point> points) {
        this.points = points;
    }

    /** Where its rules can stand. */
    public Set<Point> points() {
        return points;
    }

    @Override
    public String toString() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
