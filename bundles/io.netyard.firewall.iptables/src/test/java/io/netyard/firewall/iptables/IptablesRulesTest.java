package io.netyard.firewall.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.firewall.Policy;
import io.netyard.firewall.chains.Saved;
import io.netyard.firewall.chains.Saved.SavedRule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts only; that the tools and the kernel understand them as meant is for the live tests. */
class IptablesRulesTest {

    private static Policy policy(String layer, String... lines) {
        List<String> all = new ArrayList<>(List.of("policy guards", "layer " + layer));
        if (layer.equals("link")) {
            all.add("bridge brx");
        }
        List.of(lines).forEach(line -> all.add(line.startsWith("otherwise") ? line : "rule " + line));
        return Policy.parse(all);
    }

    private static List<String> rules(IpFamily family, Policy policy) {
        return Restore.rules(new IptablesProgram(policy).own(family, Mark.UNSEALED, false));
    }

    @Test
    void addressesOfOneFamilyNeedNoRulesForTheOther() {
        Policy policy = policy("link", "forward in veth93 source not 192.168.5.9 drop");

        assertThat(new IptablesProgram(policy).families()).containsExactly(IpFamily.IPV4);
        assertThat(rules(IpFamily.IPV4, policy))
                .containsExactly(
                        "-A netyard-guards-f00 -m comment --comment netyard=%s/4/1/00000000"
                                .formatted(policy.fingerprint()),
                        "-A netyard-guards-f00 -m physdev --physdev-in veth93 ! -s 192.168.5.9/32 -m comment --comment netyard-rule:0 -j DROP",
                        "-I FORWARD 1 -i brx -o brx -m physdev --physdev-is-bridged -j netyard-guards-f00");
    }

    @Test
    void droppingTheRestConcernsBothFamilies() {
        Policy policy = policy("network", "forward source 10.0.0.1 accept", "otherwise forward drop");

        assertThat(rules(IpFamily.IPV6, policy))
                .containsExactly(
                        "-A netyard-guards-f00 -m comment --comment netyard=%s/46/1/00000000"
                                .formatted(policy.fingerprint()),
                        "-A netyard-guards-f00 -j DROP",
                        "-I FORWARD 1 -j netyard-guards-f00");
    }

    @Test
    void acceptingAllButSomeMovesWhatFollowsIntoAChainOfItsOwn() {
        Policy policy = policy("network", "input source not 10.0.0.1,10.0.0.2 accept", "input ipv4 drop");

        assertThat(rules(IpFamily.IPV4, policy))
                .containsExactly(
                        "-A netyard-guards-i00 -m comment --comment netyard=%s/4/2/00000000"
                                .formatted(policy.fingerprint()),
                        "-A netyard-guards-i00 -j netyard-guards-i01",
                        "-A netyard-guards-i00 -j RETURN",
                        "-A netyard-guards-i00 -j netyard-guards-i02",
                        "-A netyard-guards-i01 -s 10.0.0.1/32 -j netyard-guards-i02",
                        "-A netyard-guards-i01 -s 10.0.0.1/32 -j RETURN",
                        "-A netyard-guards-i01 -s 10.0.0.2/32 -j netyard-guards-i02",
                        "-A netyard-guards-i01 -s 10.0.0.2/32 -j RETURN",
                        "-A netyard-guards-i01 -m comment --comment netyard-rule:0 -j RETURN",
                        "-A netyard-guards-i02 -m comment --comment netyard-rule:1 -j DROP",
                        "-I INPUT 1 -j netyard-guards-i00");
    }

    @Test
    void bridgedFramesAreLeftOutWhereTheyMayCome() {
        Policy policy = policy("network", "forward ipv4 drop", "input ipv4 drop");

        assertThat(Restore.rules(new IptablesProgram(policy).own(IpFamily.IPV4, Mark.UNSEALED, true)))
                .contains(
                        "-I FORWARD 1 -m physdev ! --physdev-is-bridged -j netyard-guards-f00",
                        "-I INPUT 1 -j netyard-guards-i00");
    }

    @Test
    void aPolicyThatLetsAllThroughCanBeFound() {
        assertThat(rules(IpFamily.IPV4, policy("network"))).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    forward in veth13 drop | frames that are not IP, such as ARP, are never seen, and 'forward in veth13 drop' is about all
                    ingress arp drop | ARP: iptables never sees it
                    ingress tagged drop | tags: iptables does not see them
                    otherwise forward drop | frames that are not IP, such as ARP, are never seen, and 'forward drop' is about all
                    forward nd-target fd00::1 drop | the target of neighbour discovery
                    forward in veth+ ipv4 drop | an interface called 'veth+'
                    forward protocol 0 drop | protocol 0, which means any protocol to iptables
                    forward icmp type 255 drop | ICMP type 255, which means any type to iptables
                    """)
    void saysWhatItCannotExpress(String line, String objection) {
        assertThat(Objections.to(policy("link", line))).contains(objection);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    forward in veth13 accept
                    forward ipv6 drop
                    forward tcp drop
                    ingress in veth93 source not 10.0.0.9 drop
                    forward in veth13 state established accept
                    """)
    void hasNoObjectionToWhatConcernsIpOnly(String line) {
        assertThat(Objections.to(policy("link", line))).isEmpty();
    }

    @Test
    void aTotalAcceptEndsWhatOtherFramesMeet() {
        assertThat(Objections.to(policy("link", "forward tcp drop", "forward accept", "otherwise forward drop")))
                .isEmpty();
    }

    /** As iptables-nft-save v1.8.9 wrote it. */
    @Test
    void readsWhatTheToolSaves() {
        Saved table = Restore.parse(
                        """
                        # Generated by iptables-nft-save v1.8.9 (nf_tables) on Fri Nov 27 10:17:46 2026
                        *mangle
                        :PREROUTING ACCEPT [0:0]
                        :netyard-a-f00 - [0:0]
                        [3:252] -A PREROUTING -i brx -m physdev --physdev-is-in -j netyard-a-f00
                        [1:84] -A netyard-a-f00 -m comment --comment "netyard=0123456789ab/46/5/abcdef01"
                        [0:0] -A netyard-a-f00 -p tcp -m tcp --dport 20:30 -m comment --comment "netyard-rule:3" -j DROP
                        COMMIT
                        # Completed on Fri Nov 27 10:17:46 2026
                        """)
                .get("mangle");

        assertThat(table.policies()).containsExactly("a");
        assertThat(table.own("a").jumps())
                .containsExactly(new Saved.Jump("PREROUTING", 1, "-i brx -m physdev --physdev-is-in -j netyard-a-f00"));
        SavedRule mark = table.own("a").chains().get("netyard-a-f00").get(0);
        assertThat(mark.packets()).isEqualTo(1);
        assertThat(mark.bytes()).isEqualTo(84);
        assertThat(Mark.in(mark.text())).contains(new Mark("0123456789ab", "46", 5, "abcdef01"));
        assertThat(Mark.counted(table.own("a").chains().get("netyard-a-f00").get(1)))
                .hasValue(3);
    }
}
