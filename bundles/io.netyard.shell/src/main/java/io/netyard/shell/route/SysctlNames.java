package io.netyard.shell.route;

import io.netyard.shell.console.Candidates;
import io.netyard.shell.console.Console;
import io.netyard.shell.console.Services;
import java.util.List;

/** Completes the sysctls that networks are built with; there are some thousand more. */
final class SysctlNames implements Candidates {

    @Override
    public List<String> candidates(Services services, Console console, List<String> before, String word) {
        return List.of(
                "net.bridge.bridge-nf-call-arptables",
                "net.bridge.bridge-nf-call-ip6tables",
                "net.bridge.bridge-nf-call-iptables",
                "net.bridge.bridge-nf-filter-vlan-tagged",
                "net.bridge.bridge-nf-pass-vlan-input-dev",
                "net.ipv4.conf.all.arp_ignore",
                "net.ipv4.conf.all.proxy_arp",
                "net.ipv4.conf.all.rp_filter",
                "net.ipv4.conf.all.send_redirects",
                "net.ipv4.conf.default.arp_ignore",
                "net.ipv4.conf.default.rp_filter",
                "net.ipv4.ip_forward",
                "net.ipv6.conf.all.accept_ra",
                "net.ipv6.conf.all.disable_ipv6",
                "net.ipv6.conf.all.forwarding");
    }
}
