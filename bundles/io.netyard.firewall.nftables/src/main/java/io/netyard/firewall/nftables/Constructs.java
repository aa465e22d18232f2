package io.netyard.firewall.nftables;

import io.netyard.api.firewall.Action;
import io.netyard.api.firewall.Condition;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.api.firewall.Rule;
import io.netyard.kernel.NamespaceThread;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which parts of nf_tables this host has, each found once by loading a table that needs it into a namespace that is thrown away. Parts
 * are separate modules of the kernel, and every one of them is missing somewhere.
 */
final class Constructs {

    /** One part, with what loads it. */
    enum Construct {
        BRIDGE("the nf_tables family bridge", "bridge", "filter hook forward priority 0", "counter"),
        INET("the nf_tables family inet", "inet", "filter hook forward priority 0", "counter"),
        BRIDGE_TAGS(
                "802.1Q tags in the nf_tables family bridge",
                "bridge",
                "filter hook prerouting priority -300",
                "ether type { 8021q, 8021ad } drop"),
        BRIDGE_STATE(
                "the connection state of bridged frames (kernel option NF_CONNTRACK_BRIDGE)",
                "bridge",
                "filter hook forward priority 0",
                "ct state established accept"),
        BRIDGE_NAME(
                "the name of the bridge that a frame crosses (kernel option NFT_BRIDGE_META)",
                "bridge",
                "filter hook forward priority 0",
                "meta ibrname \"br0\" accept"),
        STATE("the state of connections", "inet", "filter hook forward priority 0", "ct state established accept"),
        REJECT(
                "reject",
                "inet",
                "filter hook forward priority 0",
                "meta l4proto tcp reject with tcp reset; reject with icmpx port-unreachable"),
        NAT(
                "address translation in the nf_tables family inet",
                "inet",
                "nat hook prerouting priority -100",
                "meta nfproto ipv4 dnat ip to 192.0.2.1"),
        MASQUERADE("masquerading", "inet", "nat hook postrouting priority 100", "masquerade");

        private final String words;
        private final String script;

        Construct(String words, String family, String hook, String rules) {
            this.words = words;
            this.script =
                    "table %s netyard-probe {\n comment \"netyard\"\n chain c {\n type %s; policy accept;\n %s\n }\n}\n"
                            .formatted(family, hook, rules.replace("; ", "\n "));
        }

        /** For people. */
        @Override
        public String toString() {
            return words;
        }
    }

    private final Nft nft;
    private final Map<Construct, Boolean> known = new EnumMap<>(Construct.class);

    Constructs(Nft nft) {
        this.nft = nft;
    }

    /** @throws io.netyard.api.RequestException if the tool cannot be run or does not end */
    synchronized boolean has(Construct construct) {
        Boolean found = known.get(construct);
        if (found == null) {
            found = NamespaceThread.callInNew(
                    "netyard-probe", () -> nft.accepts(NamespaceThread.current(), construct.script));
            known.put(construct, found);
        }
        return found;
    }

    /** What a policy is made of. */
    static Set<Construct> neededBy(Policy policy) {
        Set<Construct> needed = new LinkedHashSet<>();
        needed.add(policy.layer() == Layer.LINK ? Construct.BRIDGE : Construct.INET);
        for (Rule rule : policy.rules()) {
            if (rule.tagged()) {
                needed.add(Construct.BRIDGE_TAGS);
            }
            if (rule.condition(Condition.State.class).isPresent()) {
                needed.add(policy.layer() == Layer.LINK ? Construct.BRIDGE_STATE : Construct.STATE);
            }
            switch (rule.action().kind()) {
                case REJECT -> needed.add(Construct.REJECT);
                case SNAT, DNAT -> needed.add(Construct.NAT);
                case MASQUERADE -> needed.add(Construct.MASQUERADE);
                case ACCEPT, DROP -> {
                    if (policy.layer() == Layer.NAT && rule.action().equals(Action.ACCEPT)) {
                        needed.add(Construct.NAT);
                    }
                }
            }
        }
        return needed;
    }
}
