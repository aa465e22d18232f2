package io.netyard.api.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.firewall.Condition.Frames;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ingress in veth13,veth23 tagged drop",
                "ingress in veth93 arp-source not 192.168.5.9 drop",
                "ingress in veth93 arp-source-mac not 02:00:00:00:00:09 drop",
                "ingress source-mac not 02:00:00:00:00:09,02:00:00:00:00:0a drop",
                "ingress in veth93 ipv6 drop",
                "ingress in veth93 nd-target not fd00::9,fe80::/10 drop",
                "ingress in veth93 icmpv6 type 134,137 drop",
                "forward in brz.10 out vethn source 192.168.5.0/24 accept",
                "forward in not eth0 drop",
                "forward state established,related accept",
                "input in vethn tcp dport 22,8000-8080 drop",
                "input udp sport 53 reject",
                "output protocol 47 destination 10.0.0.0/8 accept",
                "prerouting in vethn tcp dport 80 dnat 192.168.5.1:8080",
                "prerouting in vethn udp dport 53 dnat [fd00::1]:5353",
                "prerouting in vethn dnat fd00::1",
                "postrouting out vethn source 192.168.5.0/24 masquerade",
                "postrouting out vethn snat 203.0.113.2",
                "forward drop"
            })
    void readsWhatItPrints(String text) {
        assertThat(Rule.parse(text)).hasToString(text);
    }

    @Test
    void knowsTheFamilyThatItsConditionsImply() {
        assertThat(Rule.parse("forward source 10.0.0.1 drop").family()).contains(Frames.IPV4);
        assertThat(Rule.parse("ingress arp-source 10.0.0.1 drop").family()).contains(Frames.ARP);
        assertThat(Rule.parse("forward udp dport 1 drop").family()).isEmpty();
        assertThat(Rule.parse("ingress tagged drop").family()).isEqualTo(Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    forwards drop | a rule begins with where it holds: ingress, forward, input, output, prerouting, postrouting, not 'forwards'
                    forward | does not say what to do
                    forward drop accept | 'accept' stands after 'drop'
                    forward colour green drop | 'colour' is no condition
                    forward in | 'in' needs a value
                    forward in not | 'in not' needs a value
                    forward source 10.0.0.1,fd00::1 drop | IPv4 and IPv6 addresses in one condition
                    forward source 10.0.0.1 destination fd00::1 drop | no packet is ipv4 and ipv6 at once
                    forward dport 80 drop | needs tcp or udp
                    forward tcp type 8 drop | needs icmp or icmpv6
                    forward tcp dport 0 drop | a port must be 1..65535
                    forward tcp dport 90-80 drop | the first must not be larger
                    forward tcp udp drop | a condition of this kind is there already
                    forward state old drop | a connection's state
                    postrouting snat drop | is not an address
                    """)
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> Rule.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
