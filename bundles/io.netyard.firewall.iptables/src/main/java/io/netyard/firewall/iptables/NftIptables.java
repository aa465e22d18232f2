package io.netyard.firewall.iptables;

import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.netns.Namespaces;
import io.netyard.firewall.chains.Tools;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The iptables that loads its rules into the kernel's nf_tables. */
@Component(
        service = FirewallBackend.class,
        property = {FirewallBackend.NAME + "=iptables-nft", "service.ranking:Integer=200"})
public final class NftIptables extends IptablesBackend {

    @Activate
    public NftIptables(@Reference Namespaces namespaces) {
        this(new Tools(namespaces, "iptables"));
    }

    NftIptables(Tools tools) {
        super(tools, "nft");
    }
}
