package io.netyard.firewall.ebtables;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.firewall.Policy;
import io.netyard.firewall.chains.Saved;
import io.netyard.firewall.chains.Saved.Own;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts only; that the tools and the kernel understand them as meant is for the live tests. */
class EbtablesRulesTest {

    private static Policy policy(String... lines) {
        List<String> all = new ArrayList<>(List.of("policy guards", "layer link", "bridge brx", "tagged-port vethx"));
        List.of(lines).forEach(line -> all.add(line.startsWith("otherwise") ? line : "rule " + line));
        return Policy.parse(all);
    }

    private static List<String> rules(Hook hook, Policy policy) {
        return Listing.rules(new EbtablesProgram(policy).own(hook, Mark.UNSEALED, false, true));
    }

    @Test
    void countsInChainsCalledByNumber() {
        Policy policy = policy("ingress in veth13 tagged drop", "ingress in veth93 arp-source not 192.168.5.9/24 drop");

        assertThat(rules(Hook.INGRESS, policy))
                .containsExactly(
                        "-A netyard-guards-c00 -j DROP",
                        "-A netyard-guards-c01 -j DROP",
                        "-A netyard-guards-g00 -j netyard-%s-1000000".formatted(policy.fingerprint()),
                        "-A netyard-guards-g00 -i veth13 -p 802_1Q -j netyard-guards-c00",
                        "-A netyard-guards-g00 -i veth13 -p 0x88a8 -j netyard-guards-c00",
                        "-A netyard-guards-g00 -i veth93 -p ARP --arp-ip-src ! 192.168.5.0/24 -j netyard-guards-c01",
                        "-I PREROUTING 1 --logical-in brx -j netyard-guards-g00");
    }

    @Test
    void aFamilyIsKnownBehindATagToo() {
        assertThat(rules(Hook.FORWARD, policy("forward ipv6 accept", "otherwise forward drop")))
                .contains(
                        "-A netyard-guards-c00 -j RETURN",
                        "-A netyard-guards-f00 -p IPv6 -j netyard-guards-c00",
                        "-A netyard-guards-f00 -p IPv6 -j RETURN",
                        "-A netyard-guards-f00 -p 802_1Q --vlan-encap 86DD -j RETURN",
                        "-A netyard-guards-f00 -j DROP");
    }

    @Test
    void aTransportIsLookedForInBothFamilies() {
        assertThat(rules(Hook.INGRESS, policy("ingress in veth13 udp dport 53 drop")))
                .contains(
                        "-A netyard-guards-g00 -i veth13 -p IPv4 --ip-proto 17 --ip-dport 53:53 -j netyard-guards-c00",
                        "-A netyard-guards-g00 -i veth13 -p IPv6 --ip6-proto 17 --ip6-dport 53:53 -j netyard-guards-c00");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    forward state established accept | the state of connections
                    forward nd-target fd00::1 drop | the target of neighbour discovery
                    ingress tagged source 10.0.0.1 drop | what is behind a tag ('ingress tagged source 10.0.0.1 drop')
                    ingress source 10.0.0.1 drop | what is behind a tag: 'ingress source 10.0.0.1 drop' may meet tagged frames at the port where they come in
                    ingress in veth13,vethx arp-source 10.0.0.1 drop | what is behind a tag: 'ingress in veth13,vethx arp-source 10.0.0.1 drop' may meet tagged frames at the port where they come in
                    forward in veth13 tcp drop | what is behind a tag: 'forward in veth13 tcp drop' may meet tagged frames at the port where they go out
                    ingress in veth+ drop | an interface called 'veth+'
                    """)
    void saysWhatItCannotExpress(String line, String objection) {
        assertThat(Objections.to(policy(line))).contains(objection);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    ingress in veth13 source not 10.0.0.1 drop
                    ingress in not vethx,vethy source not 10.0.0.1 drop
                    forward out veth93 source not 10.0.0.1 drop
                    forward arp drop
                    ingress in vethx tagged ipv6 drop
                    forward in veth13 drop
                    """)
    void hasNoObjectionToWhatItSees(String line) {
        assertThat(Objections.to(policy(line))).isEmpty();
    }

    /** As ebtables-legacy v2.0.11 wrote it. */
    @Test
    void readsWhatTheToolLists() {
        Saved table = Listing.parse(
                """
                Bridge table: nat

                Bridge chain: PREROUTING, entries: 2, policy: ACCEPT
                --logical-in brx -j netyard-guards-G00, pcnt = 7 -- bcnt = 320
                -i foreign -j DROP , pcnt = 0 -- bcnt = 0

                Bridge chain: netyard-0123456789ab-1abcdef, entries: 0, policy: RETURN

                Bridge chain: netyard-guards-G00, entries: 2, policy: RETURN
                -j netyard-0123456789ab-1abcdef, pcnt = 7 -- bcnt = 320
                -p ARP -j netyard-guards-C03, pcnt = 2 -- bcnt = 84

                Bridge chain: netyard-guards-C03, entries: 1, policy: RETURN
                -j DROP , pcnt = 2 -- bcnt = 84
                """);
        Own own = table.own("guards");

        assertThat(own.jumps())
                .containsExactly(new Saved.Jump("PREROUTING", 1, "--logical-in brx -j netyard-guards-G00"));
        assertThat(own.chains()).containsOnlyKeys("netyard-guards-C03", "netyard-guards-G00");
        assertThat(own.chains().get("netyard-guards-C03").get(0).packets()).isEqualTo(2);
        assertThat(Mark.in(own)).containsExactly(new Mark("0123456789ab", 1, "abcdef"));
        assertThat(EbtablesProgram.has(own, true)).isTrue();
        assertThat(EbtablesProgram.has(own, false)).isFalse();
        assertThat(Mark.plain("-j netyard-0123456789ab-1abcdef")).isEqualTo("-j netyard-0123456789ab-1000000");
        assertThat(Mark.plain("-p ARP -j netyard-guards-C03")).isEqualTo("-p ARP -j netyard-guards-c03");
    }

    @Test
    void whatComesAgainIsEmptiedFirstAndWhatGoesIsNoLongerCalled() {
        Own own = new EbtablesProgram(policy("forward arp drop")).own(Hook.FORWARD, Mark.UNSEALED, false, true);

        String change = Listing.change("filter", own.chains().keySet(), own, own, Set.of());

        assertThat(change)
                .contains(":netyard-guards-f00 RETURN\n-F netyard-guards-f00\n")
                .doesNotContain("-X");
    }
}
