package io.netyard.api.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.InterfaceName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {

    private static final InterfaceName BRX = new InterfaceName("brx");

    private static Policy link(String... rules) {
        return new Policy(
                "guards",
                Layer.LINK,
                Optional.of(BRX),
                Set.of(new InterfaceName("vethx")),
                List.of(rules).stream().map(Rule::parse).toList(),
                Map.of(Point.FORWARD, Action.DROP));
    }

    private static Policy routed(Layer layer, String... rules) {
        return new Policy(
                "router",
                layer,
                Optional.empty(),
                Set.of(),
                List.of(rules).stream().map(Rule::parse).toList(),
                Map.of());
    }

    @Test
    void readsItsOwnLines() {
        Policy policy = link("ingress in veth13 tagged drop", "forward ipv4 accept");
        assertThat(Policy.parse(policy.lines())).isEqualTo(policy);
        assertThat(policy.points()).containsExactly(Point.INGRESS, Point.FORWARD);
    }

    @Test
    void tellsTheInterfacesThatItNames() {
        Policy policy = link("ingress in veth13 tagged drop", "forward in not veth13 out veth93 ipv4 accept");
        assertThat(policy.interfaces()).extracting(InterfaceName::value).containsExactly("brx", "veth13", "veth93");
        assertThat(policy.isForGivenInterfaces()).as("what it drops besides").isFalse();
        assertThat(routed(Layer.NETWORK, "forward in eth0 drop", "output out eth0 drop")
                        .isForGivenInterfaces())
                .isTrue();
        assertThat(routed(Layer.NETWORK, "forward in not eth0 drop").isForGivenInterfaces())
                .isFalse();
    }

    @Test
    void differsInItsFingerprintWhereItDiffers() {
        Policy policy = link("ingress in veth13 tagged drop");
        assertThat(policy.fingerprint())
                .matches("[0-9a-f]{12}")
                .isEqualTo(Policy.parse(policy.lines()).fingerprint())
                .isNotEqualTo(link("ingress in veth23 tagged drop").fingerprint());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    LINK | input drop | layer link has the points
                    LINK | forward reject | there is no reject at forward
                    NETWORK | forward masquerade | there is no masquerade at forward
                    NETWORK | input out eth0 drop | not known yet where a packet will leave
                    NETWORK | output in eth0 drop | not known any more where a packet came in
                    NETWORK | forward tagged drop | is for frames on a bridge
                    NETWORK | forward arp-source 10.0.0.1 drop | is for frames on a bridge
                    NAT | prerouting masquerade | there is no masquerade at prerouting
                    NAT | postrouting drop | there is no drop at postrouting
                    NAT | prerouting dnat 10.0.0.1:80 | with tcp or udp only
                    """)
    void refusesWhatALayerDoesNotHave(Layer layer, String rule, String message) {
        assertThatThrownBy(() -> {
                    if (layer == Layer.LINK) {
                        link(rule);
                    } else {
                        routed(layer, rule);
                    }
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesNamesThatAKernelObjectCouldNotHave() {
        assertThatThrownBy(() -> Policy.requireName("Guards")).hasMessageContaining("lower-case");
        assertThatThrownBy(() -> Policy.requireName("a-name-of-seventeen")).hasMessageContaining("1 to 16");
    }
}
