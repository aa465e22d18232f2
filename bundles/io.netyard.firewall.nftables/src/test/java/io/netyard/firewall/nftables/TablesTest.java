package io.netyard.firewall.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.firewall.Policy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TablesTest {

    private static Policy policy(String... lines) {
        return Policy.parse(List.of(lines));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            ingress in a,b tagged drop                      | iifname { "a", "b" } ether type { 8021q, 8021ad } counter drop
            ingress tagged ipv4 drop                        | @ll,96,16 { 0x8100, 0x88a8 } meta protocol ip counter drop
            forward in not a drop                           | iifname != "a" counter drop
            forward source-mac not 02:00:00:00:00:01 drop   | ether saddr != 02:00:00:00:00:01 counter drop
            ingress arp-source not 10.0.0.1,10.0.0.2 drop   | meta protocol arp arp saddr ip != { 10.0.0.1, 10.0.0.2 } counter drop
            ingress arp-source-mac 02:00:00:00:00:01 accept | meta protocol arp arp saddr ether 02:00:00:00:00:01 counter accept
            ingress source 10.0.0.1/24,10.0.0.7 accept      | meta protocol ip ip saddr 10.0.0.0/24 counter accept
            ingress source fd00::1/64 accept                | meta protocol ip6 ip6 saddr fd00::/64 counter accept
            forward tcp dport 80,81,100-200,150-300 accept  | meta l4proto 6 tcp dport { 80-81, 100-300 } counter accept
            forward icmpv6 type 134 drop                    | meta protocol ip6 meta l4proto 58 icmpv6 type 134 counter drop
            forward state established,related accept        | ct state established,related counter accept
            ingress source not 0.0.0.0/0 drop               |
            """)
    void rulesOfBridges(String rule, String expected) {
        assertThat(rules(policy("policy p", "layer link", "bridge brx", "rule " + rule)))
                .isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @Test
    void theTargetOfNeighbourDiscoveryIsComparedAsBytes() {
        String message = "meta protocol ip6 meta l4proto 58 icmpv6 type { 135, 136 } @th,64,128";
        String one = "0xfd000000000000000000000000000001";

        assertThat(rules(policy(
                        "policy p", "layer link", "bridge brx", "rule ingress nd-target not fd00::1,fd01::/16 drop")))
                .containsExactly(message + " & 0xffff0000000000000000000000000000 != 0xfd010000000000000000000000000000"
                        + " @th,64,128 != " + one + " counter drop");
        assertThat(rules(policy("policy p", "layer link", "bridge brx", "rule ingress nd-target fd00::1,fd00::2 drop")))
                .containsExactly(
                        message + " == " + one + " counter drop",
                        message + " == 0xfd000000000000000000000000000002 counter drop");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            postrouting out n source 10.0.0.0/8 masquerade | oifname "n" meta nfproto ipv4 ip saddr 10.0.0.0/8 counter masquerade
            prerouting in n tcp dport 80 dnat 10.0.0.1:81  | iifname "n" meta nfproto ipv4 meta l4proto 6 tcp dport 80 counter dnat ip to 10.0.0.1:81
            prerouting udp dport 53 dnat [fd00::1]:54      | meta nfproto ipv6 meta l4proto 17 udp dport 53 counter dnat ip6 to [fd00::1]:54
            postrouting out n snat 10.0.0.1                | oifname "n" meta nfproto ipv4 counter snat ip to 10.0.0.1
            """)
    void rulesOfTranslation(String rule, String expected) {
        assertThat(rules(policy("policy p", "layer nat", "rule " + rule))).containsExactly(expected);
    }

    @Test
    void rejectingIsAResetForTcpAndAnIcmpErrorForTheRest() {
        assertThat(rules(policy("policy p", "layer network", "rule forward in a reject")))
                .containsExactly(
                        "iifname \"a\" meta l4proto 6 counter reject with tcp reset",
                        "iifname \"a\" counter reject with icmpx port-unreachable");
        assertThat(rules(policy("policy p", "layer network", "rule forward tcp reject")))
                .containsExactly("meta l4proto 6 counter reject with tcp reset");
    }

    /** A star at the end means any ending to nft, and is an ordinary character to the kernel. */
    @Test
    void interfaceNamesAreMeantAsTheyAre() {
        assertThat(rules(policy("policy p", "layer network", "rule forward in e* drop")))
                .containsExactly("iifname \"e\\*\" counter drop");
    }

    @Test
    void aPolicyIsATableThatSaysWhatItIs() {
        Policy policy = policy(
                "policy guard",
                "layer link",
                "bridge brx",
                "rule ingress in a tagged drop",
                "rule forward ipv4 accept",
                "otherwise forward drop");

        assertThat(new Tables(policy, true).lines())
                .containsExactly(
                        "table bridge netyard-guard {",
                        "  comment \"netyard link " + policy.fingerprint() + " 2 5\"",
                        "  chain ingress {",
                        "    type filter hook prerouting priority -300; policy accept;",
                        "    meta ibrname != \"brx\" accept comment \"bridge\"",
                        "    iifname \"a\" ether type { 8021q, 8021ad } counter drop comment \"1\"",
                        "  }",
                        "  chain forward {",
                        "    type filter hook forward priority -200; policy accept;",
                        "    meta ibrname != \"brx\" accept comment \"bridge\"",
                        "    meta protocol ip counter accept comment \"2\"",
                        "    counter drop comment \"otherwise\"",
                        "  }",
                        "}");
    }

    /** The rules without comment, counter kept. */
    private static List<String> rules(Policy policy) {
        Stream<String> lines = new Tables(policy, false)
                .lines().stream().map(String::strip).filter(line -> line.endsWith("comment \"1\""));
        return lines.map(line -> line.substring(0, line.length() - " comment \"1\"".length()))
                .toList();
    }
}
