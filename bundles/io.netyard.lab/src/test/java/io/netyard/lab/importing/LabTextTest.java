package io.netyard.lab.importing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.InterfaceName;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.PolicyUse;
import io.netyard.lab.network.Settings;
import io.netyard.lab.plan.Observer.Observed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is written means what was seen. */
class LabTextTest {

    private static final Path LABS = Path.of("../../etc/labs");

    @Test
    void everyStageOfEveryShippedLabIsWrittenAsItIs() throws IOException {
        int stages = 0;
        try (Stream<Path> files = Files.list(LABS)) {
            for (Path file : files.filter(path -> path.toString().matches(".*/exp.*\\.yaml"))
                    .sorted()
                    .toList()) {
                LabFile lab = LabFile.read(file);
                for (String stage : lab.stages()) {
                    Network network = lab.at(Optional.of(stage)).network();
                    Imported written = imported(network);
                    assertThat(comparable(read(written.text())))
                            .as("%s at %s, as\n%s", file, stage, written.text())
                            .isEqualTo(comparable(network));
                    stages++;
                }
            }
        }
        assertThat(stages).isGreaterThan(50);
    }

    @Test
    void whatGoesWithoutSayingIsNotSaid() {
        Network network = read(
                """
                lab: some
                nodes:
                  red:
                    interfaces:
                      eth0: {addresses: [10.0.0.1/24, "fd00::1/64"]}
                      eth0.7: {parent: eth0, vlan: 7, up: false}
                    routes: [default via 10.0.0.9, 10.7.0.0/16 dev eth0.7, 10.8.0.0/16 via 10.0.0.9 metric 5]
                    neighbours: {eth0: {10.0.0.8: "02:00:00:00:00:08"}}
                    forwarding: true
                    nat: [postrouting out eth0 masquerade]
                  hub: {}
                switches:
                  br0: {node: hub, ports: {p1: ["5-7", "9 pvid untagged"]}, stp: true, forward_delay: 4}
                links:
                  a: {endpoints: ["red:eth0", "br0:p1"], mtu: 1400}
                """);
        assertThat(imported(network).text())
                .isEqualTo(
                        """
                        # What was found in the namespaces of this lab, read by Netyard.
                        lab: mine

                        nodes:
                          red:
                            interfaces:
                              eth0: {addresses: [10.0.0.1/24, "fd00::1/64"]}
                              eth0.7: {parent: eth0, vlan: 7, up: false}
                            forwarding: true
                            routes:
                              - 10.7.0.0/16 dev eth0.7
                              - default via 10.0.0.9
                              - 10.8.0.0/16 via 10.0.0.9 metric 5
                            neighbours:
                              eth0: {10.0.0.8: "02:00:00:00:00:08"}
                            nat:
                              - postrouting out eth0 masquerade
                          hub: {}

                        switches:
                          br0:
                            node: hub
                            stp: true
                            forward_delay: 4
                            self: ["1 pvid untagged"]
                            ports:
                              p1: ["5-7", "9 pvid untagged"]

                        links:
                          cable1: {endpoints: ["red:eth0", "br0:p1"], mtu: 1400}
                        """);
    }

    @Test
    void namesThatYamlWouldTakeForSomethingElseAreQuoted() {
        Network network = read(
                """
                lab: odd
                nodes:
                  "1e3": {interfaces: {"true": {addresses: [10.0.0.1/24]}, "#x": {up: false}}}
                  "null": {}
                links: {a: ["1e3:true", "null:a'\\"b"], b: ["1e3:#x", "null:\\u202e"]}
                switches: {"no": {node: "null", name: "*", ports: ["a'\\"b"]}}
                """);
        Imported written = imported(network);
        assertThat(read(written.text())).isEqualTo(network);
        assertThat(written.text()).doesNotContain("\u202e");
    }

    @Test
    void whatIsTiedToNamespacesThatAreNotImportedIsToldAndLeftOut() {
        Network whole = read(
                """
                lab: some
                nodes:
                  red:
                    interfaces:
                      a.5: {parent: a, vlan: 5}
                      b: {addresses: [10.0.0.1/24]}
                    routes: [10.5.0.0/16 dev a.5]
                  blue: {}
                  far: {}
                links: {x: ["red:a", "far:a"], y: ["red:b", "blue:b"]}
                """);
        Map<String, Node> named = new LinkedHashMap<>(whole.nodes());
        named.remove("far");
        Carried carried =
                Carried.of(new Observed(new Network(named), Set.of(new Place("red", new InterfaceName("wg0")))));
        assertThat(carried.network().nodes().get("red").devices().keySet())
                .extracting(Object::toString)
                .containsExactly("b");
        assertThat(carried.network().nodes().get("red").settings().routes()).isEmpty();
        assertThat(carried.remarks())
                .containsExactly(
                        "red:wg0 is an interface of a kind that a lab cannot have",
                        "red:a: the other end of its cable is in a namespace that is not imported (far)",
                        "red:a.5: its parent a is not carried",
                        "node red: route '10.5.0.0/16 dev a.5' leads over an interface that is not carried");
    }

    @Test
    void ofTheHostOnlyWhatHangsTogetherWithTheLabIsRead() {
        Network network = read(
                """
                lab: some
                nodes:
                  host:
                    interfaces:
                      h: {addresses: [10.0.0.2/24]}
                      tap9: {tap: true, addresses: [10.9.0.1/24]}
                    routes: [10.1.0.0/16 via 10.0.0.1, 10.2.0.0/16 via 10.9.0.2]
                  red: {interfaces: {r: {addresses: [10.0.0.1/24]}}}
                links: {x: ["red:r", "host:h"]}
                """);
        Node host =
                Carried.of(new Observed(network, Set.of())).network().nodes().get(Node.HOST);
        assertThat(host.devices().keySet()).extracting(Object::toString).containsExactly("h");
        assertThat(host.settings().routes())
                .extracting(Object::toString)
                .containsExactly("10.1.0.0/16 via 10.0.0.1 dev h");
    }

    private static Imported imported(Network network) {
        Carried carried = Carried.of(new Observed(network, Set.of()));
        assertThat(carried.remarks()).isEmpty();
        return LabText.of("mine", carried.network(), List.of());
    }

    private static Network read(String text) {
        return LabFile.parse(text, Path.of("lab.yaml")).at(Optional.empty()).network();
    }

    /** Rules at a bridge are the switch's, whatever they were called. */
    private static Network comparable(Network network) {
        return network.map(node -> {
            Map<String, PolicyUse> policies = new LinkedHashMap<>();
            node.settings().policies().forEach((name, use) -> {
                Policy policy = use.policy();
                if (policy.layer() == Layer.LINK) {
                    String bridge = policy.bridge().orElseThrow().value();
                    policies.put("at-" + bridge, new PolicyUse(named("switch", policy), use.pin()));
                } else {
                    policies.put(name, use);
                }
            });
            Settings had = node.settings();
            return node.withSettings(
                    new Settings(had.sysctls(), had.routes(), had.neighbours(), policies, had.tapHosts()));
        });
    }

    private static Policy named(String name, Policy policy) {
        return new Policy(
                name, policy.layer(), policy.bridge(), policy.taggedPorts(), policy.rules(), policy.otherwise());
    }
}
