package io.netyard.firewall.iptables;

import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Point;
import io.netyard.api.firewall.Policy;
import java.util.Locale;
import java.util.Set;

/**
 * Where a policy's chains hang. Each layer has one table, so that a policy is replaced by the one commit that a table has: layer link is
 * in mangle, which has a hook before bridging as well as between ports, and may drop in both.
 */
final class Hook {

    /** Takes bridged frames out, where the bridge hands these to the IP hooks too. */
    static final String NOT_BRIDGED = "-m physdev ! --physdev-is-bridged";

    /** The built-in chains that routed packets and bridged frames share. */
    static final Set<String> BOTH_KINDS = Set.of("FORWARD", "POSTROUTING");

    private Hook() {}

    static String table(Layer layer) {
        return switch (layer) {
            case LINK -> "mangle";
            case NETWORK -> "filter";
            case NAT -> "nat";
        };
    }

    /** The built-in chain. */
    static String chain(Point point) {
        return point == Point.INGRESS ? "PREROUTING" : point.name().toUpperCase(Locale.ROOT);
    }

    /**
     * Which packets of the built-in chain are the policy's business.
     *
     * @param bridgeNetfilter whether bridged frames may come here as well
     */
    static String restriction(Policy policy, Point point, boolean bridgeNetfilter) {
        if (policy.layer() == Layer.LINK) {
            String bridge = policy.bridge().orElseThrow().value();
            return point == Point.INGRESS
                    ? "-i %s -m physdev --physdev-is-in".formatted(bridge)
                    : "-i %1$s -o %1$s -m physdev --physdev-is-bridged".formatted(bridge);
        }
        return bridgeNetfilter && BOTH_KINDS.contains(chain(point)) ? NOT_BRIDGED : "";
    }
}
