package io.netyard.api.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SysctlNameTest {

    /** sysctl(8): whichever of the two comes first separates, the other one stands for it inside a name. */
    @ParameterizedTest
    @CsvSource({
        "net.ipv4.ip_forward, net.ipv4.ip_forward, net/ipv4/ip_forward",
        "net/ipv4/ip_forward, net.ipv4.ip_forward, net/ipv4/ip_forward",
        "net/ipv4/conf/veth99.10/arp_ignore, net/ipv4/conf/veth99.10/arp_ignore, net/ipv4/conf/veth99.10/arp_ignore",
        "net.ipv4.conf.veth99/10.arp_ignore, net/ipv4/conf/veth99.10/arp_ignore, net/ipv4/conf/veth99.10/arp_ignore",
        "net.bridge.bridge-nf-call-iptables, net.bridge.bridge-nf-call-iptables, net/bridge/bridge-nf-call-iptables",
    })
    void spellings(String text, String canonical, String path) {
        SysctlName name = SysctlName.parse(text);

        assertThat(name).hasToString(canonical);
        assertThat(name.path()).isEqualTo(path);
        assertThat(SysctlName.parse(canonical)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "net",
                "net.",
                "kernel.hostname",
                "net/../kernel/hostname",
                "net/ipv4/../../kernel/hostname",
                "net./../kernel",
                "/net/ipv4/ip_forward",
                "net..ip_forward",
                "net.ipv4.ip forward",
                "net.ipv4.ip_forward\n",
                "network.x",
            })
    void whatIsNoneIsRefused(String text) {
        assertThatThrownBy(() -> SysctlName.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void interfacesTakeTheirFirstValueFromDefault() {
        assertThat(SysctlName.parse("net/ipv4/conf/veth99.10/arp_ignore").ofNewInterfaces())
                .hasToString("net.ipv4.conf.default.arp_ignore");
        assertThat(SysctlName.parse("net.ipv6.neigh.veth11.ucast_solicit").ofNewInterfaces())
                .hasToString("net.ipv6.neigh.default.ucast_solicit");
        assertThat(SysctlName.parse("net.ipv4.conf.all.forwarding").ofNewInterfaces())
                .hasToString("net.ipv4.conf.all.forwarding");
        assertThat(SysctlName.parse("net.ipv4.ip_forward").ofNewInterfaces()).hasToString("net.ipv4.ip_forward");
    }
}
