package io.netyard.firewall.iptables;

import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.netns.Namespaces;
import io.netyard.firewall.chains.Tools;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The iptables that loads its rules into the kernel's ip_tables. */
@Component(
        service = FirewallBackend.class,
        property = {FirewallBackend.NAME + "=iptables-legacy", "service.ranking:Integer=190"})
public final class LegacyIptables extends IptablesBackend {

    @Activate
    public LegacyIptables(@Reference Namespaces namespaces) {
        this(new Tools(namespaces, "iptables"));
    }

    LegacyIptables(Tools tools) {
        super(tools, "legacy");
    }
}
