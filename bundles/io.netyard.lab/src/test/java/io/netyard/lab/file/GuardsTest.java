package io.netyard.lab.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.InterfaceName;
import io.netyard.api.firewall.Policy;
import io.netyard.api.firewall.Rule;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.PolicyUse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is guarded where a node is in several groups. */
class GuardsTest {

    private static final String BOTH =
            """
            lab: x
            nodes:
              a: {}
              b: {}
              c: {}
              z: {interfaces: {e: {addresses: [10.0.0.9/24], mac: "02:00:00:00:00:09"}}}
              s: {}
              t: {}
            switches: {brx: {node: s}, bry: {node: t}}
            links:
              la: [a:e, brx:pa]
              lb: [b:e, brx:pb]
              lc: [c:e, bry:pc]
              line: [brx:x, bry:y]
              lz: [z:e, brx:pz]
            groups: {green: {vlan: 10, members: [a, c, z]}, rosa: {vlan: 20, members: [b, z]}}
            """;

    private static final String[] SPOOFING = {
        "ingress in pz source-mac not 02:00:00:00:00:09 drop",
        "ingress in pz arp-source-mac not 02:00:00:00:00:09 drop",
        "ingress in pz arp-source not 10.0.0.9 drop",
        "ingress in pz source not 10.0.0.9 drop",
        "ingress in pz ipv4 udp sport 67 drop",
        "ingress in pz ipv6 drop"
    };

    private static final String[] RELAY = {
        "forward out pz tagged drop",
        "forward out pz destination not 10.0.0.9,10.0.0.255,224.0.0.0/4,255.255.255.255 drop",
        "forward out pz ipv6 drop"
    };

    @Test
    void byDefaultAllThatASharedMemberCouldDoIsGuarded() {
        Map<String, List<Policy>> policies = policies(BOTH);
        assertThat(policies.keySet()).containsExactly("s", "t");
        Policy atBrx = policies.get("s").get(0);
        assertThat(atBrx.name()).isEqualTo("guards");
        assertThat(atBrx.bridge()).contains(new InterfaceName("brx"));
        assertThat(atBrx.taggedPorts()).containsExactly(new InterfaceName("x"));
        assertThat(rules(atBrx))
                .startsWith("ingress in pa,pb,pz tagged drop")
                .contains(SPOOFING)
                .contains(RELAY)
                .hasSize(1 + SPOOFING.length + RELAY.length);
        assertThat(rules(policies.get("t").get(0))).containsExactly("ingress in pc tagged drop");
    }

    @Test
    void eachCanBeSwitchedOff() {
        assertThat(rules(policies(BOTH + "guards: {tagged: false}\n").get("s").get(0)))
                .startsWith("ingress in pz tagged drop")
                .contains(SPOOFING)
                .contains(RELAY)
                .hasSize(1 + SPOOFING.length + RELAY.length);
        assertThat(rules(policies(BOTH + "guards: {relay: false, tagged: false}\n")
                        .get("s")
                        .get(0)))
                .startsWith("ingress in pz tagged drop")
                .endsWith(SPOOFING);
        assertThat(rules(policies(BOTH + "guards: {spoofing: false, tagged: false}\n")
                        .get("s")
                        .get(0)))
                .containsExactly(RELAY);
        assertThat(policies(BOTH + "guards: off\n")).isEmpty();
    }

    @Test
    void withoutASharedMemberThereIsNothingToGuardUnlessItIsAskedFor() {
        String apart = BOTH.replace("members: [b, z]", "members: [b]");
        assertThat(policies(apart)).isEmpty();
        assertThat(rules(policies(apart + "guards: on\n").get("s").get(0)))
                .containsExactly("ingress in pa,pb,pz tagged drop");
    }

    @Test
    void ipv6IsGuardedByItsAddresses() {
        String both = BOTH.replace("10.0.0.9/24", "10.0.0.9/31, \"fd00::9/64\"");
        assertThat(rules(policies(both).get("s").get(0)))
                .contains(
                        "ingress in pz source not ::,fd00::9,fe80::ff:fe00:9 drop",
                        "ingress in pz source :: icmpv6 type 135 nd-target not fd00::9,fe80::ff:fe00:9 drop",
                        "ingress in pz icmpv6 type 136 nd-target not fd00::9,fe80::ff:fe00:9 drop",
                        "ingress in pz icmpv6 type 134,137 drop",
                        "ingress in pz ipv6 udp sport 547 drop",
                        "forward out pz destination not 10.0.0.9,224.0.0.0/4,255.255.255.255 drop",
                        "forward out pz destination not fd00::9,fe80::ff:fe00:9,ff00::/8 drop");
        String only6 = BOTH.replace("10.0.0.9/24", "\"fd00::9/64\"");
        assertThat(rules(policies(only6).get("s").get(0)))
                .contains("ingress in pz arp drop", "ingress in pz ipv4 drop", "forward out pz ipv4 drop");
    }

    @Test
    void whatIsTaggedIsNoAccessPort() {
        String tags = BOTH.replace(
                "z: {interfaces: {e: {addresses: [10.0.0.9/24], mac: \"02:00:00:00:00:09\"}}}",
                "z: {interfaces: {e.10: {parent: e, vlan: 10}, e.20: {parent: e, vlan: 20}}}");
        Policy atBrx = policies(tags).get("s").get(0);
        assertThat(rules(atBrx)).containsExactly("ingress in pa,pb tagged drop");
        assertThat(atBrx.taggedPorts()).containsExactly(new InterfaceName("x"), new InterfaceName("pz"));
    }

    @Test
    void aSubinterfaceOnTheCableIsGuardedWithTheAddressesOfItsOtherEnd() {
        String tagged = BOTH.replace("s: {}", "s: {interfaces: {pz.50: {parent: pz, vlan: 50}}}")
                .replace("brx: {node: s}", "brx: {node: s, ports: [pz.50]}")
                .replace("brx:pz", "s:pz")
                .replace(
                        "z: {interfaces: {e: {addresses: [10.0.0.9/24], mac: \"02:00:00:00:00:09\"}}}",
                        "z: {interfaces: {e: {mac: \"02:00:00:00:00:09\"}, e.50: {parent: e, vlan: 50, addresses: [10.0.0.9/24]}}}");
        assertThat(rules(policies(tagged).get("s").get(0)))
                .contains(
                        "ingress in pz.50 source-mac not 02:00:00:00:00:09 drop",
                        "ingress in pz.50 source not 10.0.0.9 drop");
    }

    @Test
    void aSharedMemberWithoutAnAddressOfItsOwnGetsOneThatStays() {
        LabFile lab = parse(BOTH.replace(", mac: \"02:00:00:00:00:09\"", ""));
        Place place = new Place("z", new InterfaceName("e"));
        var mac = lab.at(Optional.empty()).network().device(place).orElseThrow().mac();
        assertThat(mac)
                .isPresent()
                .isEqualTo(lab.at(Optional.empty())
                        .network()
                        .device(place)
                        .orElseThrow()
                        .mac());
        assertThat(mac.orElseThrow().octets()[0] & 0x03).isEqualTo(2);
        assertThat(Guards.mac("y", place)).isNotEqualTo(mac.orElseThrow());
        assertThat(lab.at(Optional.empty())
                        .network()
                        .device(new Place("a", new InterfaceName("e")))
                        .orElseThrow()
                        .mac())
                .isEmpty();
    }

    private static Map<String, List<Policy>> policies(String text) {
        Map<String, List<Policy>> guards = new LinkedHashMap<>();
        parse(text).at(Optional.empty()).network().nodes().forEach((name, node) -> {
            List<Policy> there = node.settings().policies().values().stream()
                    .map(PolicyUse::policy)
                    .filter(policy -> policy.name().startsWith(Guards.NAME))
                    .toList();
            if (!there.isEmpty()) {
                guards.put(name, there);
            }
        });
        return guards;
    }

    private static List<String> rules(Policy policy) {
        return policy.rules().stream().map(Rule::toString).toList();
    }

    private static LabFile parse(String text) {
        return LabFile.parse(text, Path.of("lab.yaml"));
    }
}
