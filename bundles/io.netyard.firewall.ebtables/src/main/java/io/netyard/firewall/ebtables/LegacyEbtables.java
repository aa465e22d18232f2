package io.netyard.firewall.ebtables;

import io.netyard.api.InterfaceName;
import io.netyard.api.NetnsRef;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.netns.Namespaces;
import io.netyard.firewall.chains.Tools;
import java.util.List;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The ebtables that loads its rules into the kernel's ebtables. */
@Component(
        service = FirewallBackend.class,
        property = {FirewallBackend.NAME + "=ebtables-legacy", "service.ranking:Integer=110"})
public final class LegacyEbtables extends EbtablesBackend {

    @Activate
    public LegacyEbtables(@Reference Namespaces namespaces, @Reference Bridges bridges) {
        this(
                new Tools(namespaces, "ebtables"),
                netns -> bridges.list(netns).stream().map(Bridge::name).toList());
    }

    LegacyEbtables(Tools tools, Function<NetnsRef, List<InterfaceName>> bridges) {
        super(tools, "ebtables-legacy", bridges);
    }
}
