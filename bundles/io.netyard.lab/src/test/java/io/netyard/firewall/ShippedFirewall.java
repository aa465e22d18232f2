package io.netyard.firewall;

import io.netyard.api.bridge.Bridges;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.netns.Namespaces;
import io.netyard.firewall.ebtables.LegacyEbtables;
import io.netyard.firewall.ebtables.NftEbtables;
import io.netyard.firewall.iptables.LegacyIptables;
import io.netyard.firewall.iptables.NftIptables;
import io.netyard.firewall.nftables.NftablesBackend;
import java.util.Map;

/** The firewall with the backends and rankings of the distribution, without a container around them. */
public final class ShippedFirewall implements AutoCloseable {

    private final NetyardFirewall firewall;

    /** As a new JVM does it: the backends are there before anybody asks. */
    public ShippedFirewall(Namespaces namespaces, Bridges bridges) {
        firewall = new NetyardFirewall(namespaces, StateFiles.DEFAULT, (key, backend) -> {}, Map.of());
        add("nftables", 300, new NftablesBackend(namespaces, bridges));
        add("iptables-nft", 200, new NftIptables(namespaces));
        add("iptables-legacy", 190, new LegacyIptables(namespaces));
        add("ebtables-legacy", 110, new LegacyEbtables(namespaces, bridges));
        add("ebtables-nft", 100, new NftEbtables(namespaces, bridges));
        firewall.activate();
    }

    private void add(String name, int ranking, FirewallBackend backend) {
        firewall.addBackend(
                backend, Map.of(FirewallBackend.NAME, name, "service.ranking", ranking, "service.id", (long) ranking));
    }

    public Firewall service() {
        return firewall;
    }

    @Override
    public void close() {
        firewall.deactivate();
    }
}
