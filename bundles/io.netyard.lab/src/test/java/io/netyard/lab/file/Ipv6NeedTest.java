package io.netyard.lab.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.LabFileException;
import io.netyard.lab.network.Node;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes speak IPv6 where the file says anything that needs it. */
class Ipv6NeedTest {

    private static final String PLAIN = "lab: x\nnodes: {a: {%s}, b: {}}\nlinks: {l: [\"a:e\", \"b:e\"]}\n";

    @Test
    void aLabThatSaysNothingOfItDoesWithout() {
        assertThat(quiet(PLAIN.formatted("interfaces: {e: {addresses: [10.0.0.1/24]}}")))
                .containsExactly("a", "b");
    }

    /** It says that the node routes, whatever there is to be routed. */
    @Test
    void forwardingNeedsNoIpv6() {
        assertThat(quiet(PLAIN.formatted("forwarding: true"))).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "interfaces: {e: {addresses: [\"fd00::1/64\"]}}",
                "interfaces: {t: {tap: {hosts: [\"fd00::2\"]}}}",
                "sysctls: {net.ipv6.conf.all.forwarding: 1}",
                "interfaces: {e: {addresses: [10.0.0.1/24]}}, routes: [\"fd01::/64 dev e\"]",
                "neighbours: {e: {\"fd00::9\": \"02:00:00:00:00:09\"}}",
                "firewall: {rules: [\"input ipv6 drop\"]}",
                "firewall: {rules: [\"input icmpv6 accept\"]}",
            })
    void whatNeedsItBringsItToAllNodes(String node) {
        assertThat(quiet(PLAIN.formatted(node))).isEmpty();
    }

    @Test
    void aTargetNeedsIt() {
        assertThat(quiet(PLAIN.formatted("") + "targets: {far: \"2001:db8::1\"}\n"))
                .isEmpty();
    }

    @Test
    void theFileMayDecide() {
        assertThat(quiet("ipv6: true\n" + PLAIN.formatted(""))).isEmpty();
        assertThat(quiet("ipv6: false\n" + PLAIN.formatted("firewall: {rules: [\"input ipv6 drop\"]}")))
                .containsExactly("a", "b");
    }

    @Test
    void whatOthersHaveMadeIsLeftAlone() {
        assertThat(
                        quiet(
                                """
                        lab: x
                        nodes: {host: {}, a: {}, c: {attach: {container: "lxc:web"}}}
                        links: {l: ["a:e", "host:e"], m: ["a:f", "c:f"]}
                        """))
                .containsExactly("a");
    }

    @Test
    void aStageMayBeTheFirstToNeedIt() {
        LabFile file = LabFile.parse(
                PLAIN.formatted("")
                        + "stages: [{name: one}, {name: two, nodes: {a: {interfaces: {e: {addresses: [\"fd00::1/64\"]}}}}}]\n",
                Path.of("x.yaml"));
        assertThat(quiet(file.at(Optional.of("one")))).containsExactly("a", "b");
        assertThat(quiet(file.at(Optional.of("two")))).isEmpty();
    }

    @Test
    void doingWithoutWhatIsNeededIsAMistake() {
        assertThatThrownBy(() ->
                        quiet("ipv6: false\n" + PLAIN.formatted("interfaces: {e: {addresses: [\"fd00::1/64\"]}}")))
                .isInstanceOf(LabFileException.class)
                .hasMessage("x.yaml:3:42: address fd00::1/64 needs IPv6, which the lab does without (ipv6: false)");
    }

    private static List<String> quiet(String text) {
        return quiet(LabFile.parse(text, Path.of("x.yaml")).at(Optional.empty()));
    }

    private static List<String> quiet(Meaning meaning) {
        return meaning.network().nodes().values().stream()
                .filter(node -> "1".equals(node.settings().sysctls().get(Node.NO_IPV6)))
                .map(Node::name)
                .toList();
    }
}
