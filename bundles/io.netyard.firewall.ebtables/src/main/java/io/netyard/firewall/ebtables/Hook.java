package io.netyard.firewall.ebtables;

import io.netyard.api.firewall.Point;
import io.netyard.api.firewall.Policy;

/** Where a point's chains hang: no table has both. */
enum Hook {
    INGRESS(Point.INGRESS, "nat", "PREROUTING", '1'),
    FORWARD(Point.FORWARD, "filter", "FORWARD", '2');

    private final Point point;
    private final String table;
    private final String chain;
    private final char digit;

    Hook(Point point, String table, String chain, char digit) {
        this.point = point;
        this.table = table;
        this.chain = chain;
        this.digit = digit;
    }

    Point point() {
        return point;
    }

    String table() {
        return table;
    }

    /** The built-in chain. */
    String chain() {
        return chain;
    }

    /** A bit that marks a table, as a digit: the sum of a policy's bits is one too. */
    int bit() {
        return Character.digit(digit, 10);
    }

    /** Which frames of the built-in chain are the policy's business. A forwarded frame leaves by the bridge that it came in by. */
    static String restriction(Policy policy) {
        return "--logical-in " + policy.bridge().orElseThrow().value();
    }
}
