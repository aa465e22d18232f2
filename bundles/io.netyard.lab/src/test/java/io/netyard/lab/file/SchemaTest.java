package io.netyard.lab.file;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The published schema says of a lab file what the reader says, as far as a schema can. */
class SchemaTest {

    private static final Path DOCS = Path.of("../../docs");
    private static final Pattern YAML_BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    /** Every key there is. */
    private static final String EVERYTHING =
            """
            lab: everything
            description: All keys
            default_stage: two
            nodes:
              a:
                holder: pin
                vlan: 50
                interfaces:
                  eth0: {addresses: [10.0.0.1/24, "fd00::1/64"], mtu: 1400, mac: "02:00:00:00:00:01", up: true}
                  eth0.5: {parent: eth0, vlan: 5}
                  tap0: {tap: {hosts: [10.9.0.2]}, addresses: [10.9.0.1/24]}
                  tap1: {tap: true}
                  wan: {card: enp1s0}
                forwarding: true
                sysctls: {net.ipv4.conf.all.arp_ignore: 1, net/ipv4/conf/eth0.5/arp_ignore: "2"}
                routes: [default via 10.0.0.3, 10.5.0.0/16 dev eth0.5, blackhole 10.6.0.0/16]
                neighbours: {eth0: {10.0.0.3: "02:00:00:00:00:03"}}
                firewall: {rules: [forward in eth0 out tap0 source hub accept], otherwise: {forward: drop}, backend: nftables}
                nat: [postrouting out wan masquerade]
              b: {interfaces: {mac0: {macvlan: {parent: "a:eth0", mode: private}}}}
              host:
                interfaces: {up0: {addresses: [10.8.0.1/24]}}
                routes: [10.0.0.0/24 via 10.8.0.2]
              guest: {attach: {container: "lxc:web1"}}
              shell: {attach: {pid: 4711}}
              named: {attach: {netns: /run/netns/x}}
              hub: {}
            switches:
              br:
                node: hub
                name: bridge0
                vlan_filtering: true
                default_pvid: 0
                up: true
                mtu: 1400
                addresses: [10.0.0.3/24]
                self: [10, "20 untagged", 100-200]
                stp: true
                forward_delay: 2
                priority: 4096
                firewall: [ingress in swp1 tagged drop]
                ports: {eth9: ["10 pvid,untagged"], swp1: [], swp2: default, swp3: blue}
              other: {node: hub, ports: [eth8]}
              trunk: {node: host, name: br-lan, existing: true, ports: {up0: [30]}}
            links:
              one: [a, br]
              two: {endpoints: [b, br], mtu: 1400}
              five: [b, br]
              three: ["b:x", "hub:eth9"]
              four: ["b:y", "hub:eth8"]
              six: ["b:z", "host:up0"]
            groups:
              red: {members: [a]}
              blue: {vlan: 30, vlans: {br: 36}, members: []}
            guards: {relay: false, spoofing: true, tagged: false, backend: nftables}
            allow_loops: true
            autostart: false
            ipv6: true
            targets:
              far: 198.51.100.10
              web: {address: 10.0.0.1, port: 80, server: "a:8080"}
            expect:
              - {reach: ["a -> hub"], isolated: ["a <-> b", blue], vlans: [br, "br:eth9"]}
              - arp: {reach: ["a -> hub"], isolated: ["a <-> b"]}
                broadcast: {hub: {"a:eth0 hub:bridge0": untagged, "b:x": tag 5.6}}
                see: {"a -> hub": {"a:eth0": untagged, "b:x": {request: tag 5, reply: nothing}}}
                trace: {"a -> far": {answered: false, "a:eth0": 10.0.0.1 untagged, "b:x": nothing}}
                tagged: {"hub:bridge0": {"10.20": {"a:eth0": tag 20}}}
                neighbours: {a: {10.0.0.9: none}}
                tcp: {"a -> web": peer 10.0.0.1, "a -> far:80": fail}
            stages:
              - name: one
                description: As it is
              - name: two
                nodes:
                  a:
                    interfaces: {eth0.5: null}
                    sysctls: {net/ipv4/conf/eth0.5/arp_ignore: null}
                    routes: []
                switches: {other: null}
                links: {four: null}
                groups: {red: null}
                guards: off
                allow_loops: false
                ipv6: true
                expect: {}
            """;

    private final ObjectMapper json = new ObjectMapper();
    private final JsonSchema schema = schema();

    @ParameterizedTest
    @ValueSource(strings = {"exp01", "exp02", "exp03", "exp04", "exp05", "exp05-loops", "exp06", "containers"})
    void theShippedLabsAreValid(String name) throws IOException {
        assertThat(validate(Files.readString(Path.of("../../etc/labs", name + ".yaml"))))
                .isEmpty();
    }

    @Test
    void everyKeyIsKnownToBoth() {
        assertThat(validate(EVERYTHING)).isEmpty();
        assertThat(LabFile.parse(EVERYTHING, Path.of("everything.yaml")).stages())
                .hasSize(2);
        assertThat(definedKeys()).isSubsetOf(writtenKeys(toJson(EVERYTHING)));
    }

    @Test
    void everyKeyIsExplainedToEditors() {
        propertiesIn(schema.getSchemaNode())
                .forEach(property -> assertThat(property.has("description") || property.has("$ref"))
                        .as(property.toString())
                        .isTrue());
    }

    @Test
    void theExamplesOfTheReferenceAreLabs() throws IOException {
        List<String> examples = new ArrayList<>();
        Matcher block = YAML_BLOCK.matcher(Files.readString(DOCS.resolve("lab-file.md")));
        while (block.find()) {
            examples.add(block.group(1));
        }
        assertThat(examples).isNotEmpty().allSatisfy(example -> {
            assertThat(validate(example)).as(example).isEmpty();
            LabFile.parse(example, Path.of("example.yaml"));
        });
    }

    static Stream<String> invalid() {
        return Stream.of(
                "nodes: {}",
                "lab: 7",
                "lab: x\nswtiches: {}",
                "lab: x\nnodes: [a]",
                "lab: x\nnodes: {all: {}}",
                "lab: x\nswitches: {host: {node: a}}",
                "lab: x\nnodes: {a: {sysctls: {kernel.hostname: a}}}",
                "lab: x\nnodes: {a: {interfaces: {t: {tap: false}}}}",
                "lab: x\nnodes: {a: {interfaces: {t: {macvlan: {mode: vepa}}}}}",
                "lab: x\nnodes: {a: {interfaces: {t: {macvlan: {parent: e, mode: bridged}}}}}",
                "lab: x\nnodes: {a: {firewall: drop}}",
                "lab: x\nnodes: {a: {firewall: {otherwise: {forward: reject}}}}",
                "lab: x\nnodes: {a: {nat: {otherwise: {forward: drop}}}}",
                "lab: x\nnodes: {a: {attach: {}}}",
                "lab: x\nnodes: {a: {attach: {pid: 7, container: \"lxc:a\"}}}",
                "lab: x\nnodes: {a: {attach: {container: web1}}}",
                "lab: x\nnodes: {a: {attach: {pid: 0}}}",
                "lab: x\nnodes: {a: {attach: {netns: x}}}",
                "lab: x\nnodes: {a: {attach: {netns: /proc/1/ns/net}}}",
                "lab: x\nnodes: {a: {attach: {pid: 7}, nat: []}}",
                "lab: x\nnodes: {a b: {}}",
                "lab: x\nnodes: {a: {hodler: pin}}",
                "lab: x\nnodes: {a: {interfaces: {abcdefghijklmnop: {}}}}",
                "lab: x\nnodes: {a: {interfaces: {a/b: {}}}}",
                "lab: x\nnodes: {a: {interfaces: {e: {mtu: 67}}}}",
                "lab: x\nnodes: {a: {interfaces: {e: {mac: \"01:00:00:00:00:01\"}}}}",
                "lab: x\nnodes: {a: {interfaces: {e: {addresses: [10.0.0.1/33]}}}}",
                "lab: x\nnodes: {a: {interfaces: {e: {up: maybe}}}}",
                "lab: x\nnodes: {a: {interfaces: {e: {parent: f}}}}",
                "lab: x\nnodes: {a: {interfaces: {e: {parent: f, vlan: 4095}}}}",
                "lab: x\nswitches: {br: {}}",
                "lab: x\nswitches: {br: {node: a, self: [0]}}",
                "lab: x\nswitches: {br: {node: a, self: [\"10 native\"]}}",
                "lab: x\nswitches: {br: {node: a, ports: [e, e]}}",
                "lab: x\nswitches: {br: {node: a, default_pvid: 4095}}",
                "lab: x\nlinks: {l: [a]}",
                "lab: x\nlinks: {l: [a, \"b:et/0\"]}",
                "lab: x\nlinks: {l: {endpoints: [a, b], speed: 1}}",
                "lab: x\nswitches: {br: {node: a, forward_delay: 31}}",
                "lab: x\nswitches: {br: {node: a, priority: 65536}}",
                "lab: x\ngroups: {g: {vlan: 0}}",
                "lab: x\ngroups: {g: {vlan: 10, vlans: {br: 0}}}",
                "lab: x\nnodes: {a: {vlan: 0}}",
                "lab: x\nguards: maybe",
                "lab: x\nguards: {relays: true}",
                "lab: x\nguards: {relay: 1}",
                "lab: x\nallow_loops: 1",
                "lab: x\nautostart: 1",
                "lab: x\nstages: [{name: one, autostart: true}]",
                "lab: x\nstages: [{name: one, allow_loops: 1}]",
                "lab: x\nexpect: {reach: \"a -> b\"}",
                "lab: x\nexpect: {reach: [\"a => b\"]}",
                "lab: x\nstages: [{}]",
                "lab: x\nstages: [{name: one, lab: y}]");
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void whatTheReaderRefusesTheSchemaRefuses(String text) {
        assertThat(validate(text)).isNotEmpty();
    }

    private Set<ValidationMessage> validate(String yaml) {
        return schema.validate(toJson(yaml));
    }

    private JsonNode toJson(String yaml) {
        return json.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(yaml));
    }

    private static JsonSchema schema() {
        try {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(Files.readString(DOCS.resolve("lab.schema.json")));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Set<String> definedKeys() {
        Set<String> keys = new java.util.TreeSet<>();
        schema.getSchemaNode()
                .findValues("properties")
                .forEach(properties -> properties.fieldNames().forEachRemaining(keys::add));
        assertThat(keys).contains("lab", "vlan_filtering", "members");
        return keys;
    }

    private static List<JsonNode> propertiesIn(JsonNode schema) {
        List<JsonNode> all = new ArrayList<>();
        JsonNode withoutThen = schema.deepCopy();
        for (String conditional : List.of("", "/$defs/node")) {
            ((com.fasterxml.jackson.databind.node.ObjectNode) withoutThen.at(conditional))
                    .remove(List.of("if", "then"));
        }
        withoutThen.findValues("properties").forEach(properties -> properties.forEach(all::add));
        return all;
    }

    private static Set<String> writtenKeys(JsonNode node) {
        Set<String> keys = new java.util.HashSet<>();
        node.fieldNames().forEachRemaining(keys::add);
        node.forEach(child -> keys.addAll(writtenKeys(child)));
        return keys;
    }
}
