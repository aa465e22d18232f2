package io.netyard.lab.plan;

import io.netyard.api.bridge.Bridges;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.link.Cards;
import io.netyard.api.link.Links;
import io.netyard.api.link.TapHosts;
import io.netyard.api.netns.ForeignNamespaces;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.routing.Routing;

/** All through which a lab meets the kernel. */
public record Services(
        Namespaces namespaces,
        ForeignNamespaces foreign,
        Links links,
        Bridges bridges,
        Routing routing,
        Firewall firewall,
        Cards cards,
        TapHosts tapHosts) {}
