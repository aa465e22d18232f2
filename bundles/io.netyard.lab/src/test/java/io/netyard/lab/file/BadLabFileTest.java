package io.netyard.lab.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netyard.api.LabFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with a lab file is told in one line, with the place where it is. */
class BadLabFileTest {

    private static final String TWO = "lab: x\nnodes: {a: {}, b: {}}\n";
    private static final String LINKED = TWO + "links: {l: [\"a:e\", \"b:e\"]}\n";
    private static final String SWITCHED =
            "lab: x\nnodes: {a: {}, b: {}, s: {}}\nlinks: {l: [\"a:e\", \"br:p\"], m: [\"b:e\", \"br:q\"]}\n";

    /** Two switches, linked by one plain line. */
    private static final String LINES =
            """
            lab: x
            nodes: {a: {}, b: {}, s: {}, t: {}}
            switches: {br: {node: s}, cr: {node: t}}
            links: {l: ["a:e", "br:p"], m: ["b:e", "cr:q"], line: ["br:x", "cr:y"]}
            groups: {g: {vlan: 10, vlans: {br: 36}, members: [a, b]}}
            """;

    /** The place is marked with § in front of it. */
    static Stream<Arguments> wrong() {
        return Stream.of(
                // YAML itself
                arguments("lab: x\nnodes: [§", "not YAML: "),
                arguments("lab: x\nnodes: {a: §\u0007}", "not YAML: character U+0007 may not stand here"),
                arguments("lab: x\nnodes:\n  a: {}\n  §a: {}\n", "'a' is there already, in line 3"),
                arguments("lab: x\nnodes: §*ghost\n", "alias *ghost has no anchor before it"),
                arguments(
                        "lab: §!!binary x\n",
                        "tag 'tag:yaml.org,2002:binary' means nothing in a lab file; leave it out"),
                arguments("lab: x\n§---\nlab: y\n", "a second YAML document; a lab file has one"),
                arguments("lab: x\n? §[a]\n: b\n", "a key must be a name, not a list"),
                arguments("§- lab\n", "a lab file must be a mapping (key: value), not a list"),
                arguments("lab: x\nnodes: " + "[".repeat(31) + "§[" + "[", "nested more than 32 deep"),

                // keys and types
                arguments(TWO + "§swtiches: {}\n", "unknown key 'swtiches'; did you mean 'switches'?"),
                arguments(
                        "lab: x\nnodes: {a: {§banana: 1}}\n", "unknown key 'banana'; known: holder, vlan, interfaces"),
                arguments("§nodes: {a: {}}\n", "the lab has no name; start the file with 'lab: NAME'"),
                arguments("lab: §[x]\n", "lab must be a single value, not a list"),
                arguments("lab: §12\n", "'12' cannot be a lab's name: it would be taken for a pid"),
                arguments("lab: x\nnodes: §[a, b]\n", "nodes must be a mapping (key: value), not a list"),
                arguments("lab: x\nnodes: {a: §12}\n", "node a must be a mapping (key: value), not a single value"),
                arguments("lab: x\nnodes: {§a b: {}}\n", "'a b' cannot be a node's name: use 1 to 63 letters"),
                arguments(
                        "lab: x\nnodes: {a: {}}\nswitches: {§host: {node: a}}\n",
                        "'host' cannot be a switch's name: it has a meaning of its own"),
                arguments("lab: x\nnodes: {§all: {}}\n", "'all' cannot be a node's name: it has a meaning of its own"),
                arguments("lab: x\nnodes: {a: {holder: §[]}}\n", "holder must be a single value, not a list"),

                // what others have made
                arguments(
                        "lab: x\nnodes: {a: {attach: §{}}}\n",
                        "attach of node a must say one of container, pid and netns, not none"),
                arguments(
                        "lab: x\nnodes: {a: {attach: §{pid: 1, netns: /run/netns/x}}}\n",
                        "attach of node a must say one of container, pid and netns, not pid and netns"),
                arguments(
                        "lab: x\nnodes: {a: {attach: §lxc}}\n",
                        "attach of node a must be a mapping (key: value), not a single value"),
                arguments(
                        "lab: x\nnodes: {a: {attach: {§contianer: web1}}}\n",
                        "unknown key 'contianer'; did you mean 'container'?"),
                arguments(
                        "lab: x\nnodes: {a: {attach: {container: §web1}}}\n",
                        "'web1' is no container: write RUNTIME:NAME, such as lxc:web1"),
                arguments("lab: x\nnodes: {a: {attach: {pid: §0}}}\n", "a pid is 1 or more, not 0"),
                arguments("lab: x\nnodes: {a: {attach: {pid: §init}}}\n", "pid must be a whole number"),
                arguments(
                        "lab: x\nnodes: {a: {attach: {netns: §x}}}\n",
                        "'x' is no absolute path of a namespace file, such as /run/netns/x"),
                arguments(
                        "lab: x\nnodes: {a: {attach: {netns: §/proc/1/ns/net}}}\n",
                        "/proc/1/ns/net lasts as long as its process: say which with pid, or name the container"),
                arguments(
                        "lab: x\nnodes: {a: {attach: {pid: 7}, §forwarding: true}}\n",
                        "node a is attached; forwarding is its owner's business"),
                arguments(
                        "lab: x\nnodes: {a: {attach: {pid: 7}, §holder: pin}}\n",
                        "node a is attached; holder is its owner's business"),
                arguments(
                        "lab: x\nnodes: {a: {attach: {pid: 7}, §nat: [postrouting masquerade]}}\n",
                        "node a is attached; nat is its owner's business"),
                arguments(
                        "lab: x\nnodes: {a: {attach: {pid: 7}}, b: {attach: §{pid: 7}}}\n"
                                .replace("§{pid: 7}", "{pid: §7}"),
                        "pid 7 is node a already"),
                arguments("lab: x\nnodes: {host: {§attach: {pid: 7}}}\n", "unknown key 'attach'"),
                arguments(
                        "lab: x\nnodes: {a: {attach: {pid: 7}}}\nswitches: {br: {node: §a}}\n",
                        "switch br cannot be in node a, which is attached"),
                arguments(
                        "lab: x\nnodes: {a: {attach: {pid: 7}, interfaces: {e: {§card: eth0}}}}\n",
                        "node a is attached: a card is not lent to it"),
                arguments(
                        "lab: x\nnodes: {a: {attach: {pid: 7}, routes: [§blackhole 10.0.0.0/8]}}\n",
                        "a lab cannot bar ways of node a, which is attached: 'blackhole 10.0.0.0/8'"),
                arguments(
                        "lab: x\nnodes: {a: {attach: {pid: 7}, routes: [§10.0.0.0/8 dev lo]}}\n",
                        "node a has no interface lo"),

                // interfaces
                arguments(
                        TWO + "links: {l: [§\"a:abcdefghijklmnop\", \"b:x\"]}\n",
                        "interface name 'abcdefghijklmnop' has 16 bytes; Linux allows 15"),
                arguments(
                        TWO + "links: {l: [§\"a:et/0\", \"b:x\"]}\n",
                        "interface name 'et/0' contains '/', which Linux does not allow"),
                arguments(
                        TWO + "links: {l: [§\"a:lo\", \"b:x\"]}\n",
                        "'lo' cannot be an interface of a lab: the kernel has its own"),
                arguments(TWO + "links: {l: [§\"a:\", \"b:x\"]}\n", "an interface name must not be empty"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {e: {addresses: [§10.0.0.1.5/24]}}}}\n",
                        "'10.0.0.1.5' is not an address such as"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {e: {addresses: [§10.0.0.1/33]}}}}\n",
                        "prefix length must be 0..32, was 33"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {e: {addresses: [§224.0.0.1/24]}}}}\n",
                        "224.0.0.1/24 cannot be the address of an interface"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {e: {addresses: §10.0.0.1/24}}}}\n",
                        "addresses must be a list, not a single value"),
                arguments("lab: x\nnodes: {a: {interfaces: {e: {mtu: §67}}}}\n", "MTU must be 68..65535 bytes, was 67"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {e: {mtu: §65536}}}}\n",
                        "MTU must be 68..65535 bytes, was 65536"),
                arguments("lab: x\nnodes: {a: {interfaces: {e: {mtu: §big}}}}\n", "mtu must be a whole number"),
                arguments("lab: x\nnodes: {a: {interfaces: {e: {mtu: §\"1500\"}}}}\n", "mtu must be a whole number"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {e: {mac: §00-00}}}}\n",
                        "'00-00' is not a MAC address such as"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {e: {mac: §\"01:00:00:00:00:01\"}}}}\n",
                        "01:00:00:00:00:01 cannot be the MAC address of an interface"),
                arguments("lab: x\nnodes: {a: {interfaces: {e: {up: §maybe}}}}\n", "up must be true or false"),
                arguments("lab: x\nnodes: {a: {interfaces: {e: {up: §\"true\"}}}}\n", "up must be true or false"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {§e: {}}}}\n",
                        "no link ends at a:e, it has no parent and is no tap and no card, so nothing would create it; there are none"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {§eth1: {}}}, b: {}}\nlinks: {l: [a, b]}\n",
                        "no link ends at a:eth1, it has no parent and is no tap and no card, so nothing would create it; did you mean 'eth0'?"),

                // subinterfaces
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {e.5: {§parent: e}}}}\n",
                        "interface e.5 of node a has a parent but no vlan: give its VLAN id"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {e.5: {§vlan: 5}}}}\n",
                        "interface e.5 of node a has a vlan but no parent: give the interface it sits on"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {e.5: {parent: e, vlan: §0}}}}\n",
                        "VLAN id must be 1..4094, was 0"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {f.5: {parent: §f, vlan: 5}}}, b: {}}\nlinks: {l: [\"a:e\", \"b:e\"]}\n",
                        "parent f of f.5 does not exist in node a; did you mean 'e'?"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {e.5: {parent: e, vlan: 5}, e.6: {parent: e, vlan: §5}}}, b: {}}\nlinks: {l: [\"a:e\", \"b:e\"]}\n",
                        "e.5 has VLAN 5 on e already"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {e.5: {parent: §e.5, vlan: 5}}}}\n",
                        "e.5 cannot sit on e.5, which has no parent that exists"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {e.5: {parent: e, vlan: 5, mtu: §1501}}}, b: {}}\nlinks: {l: [\"a:e\", \"b:e\"]}\n",
                        "mtu 1501 is more than the 1500 of its parent e"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {e: {parent: f, vlan: 5}}}, b: {}}\nlinks: {l: [§\"a:e\", \"b:e\"], m: [\"a:f\", \"b:f\"]}\n",
                        "a:e is a subinterface of f (line 2); a link cannot end at it"),

                // links
                arguments(
                        "lab: x\nnodes: {a: {}}\nlinks: {l: [\"a:e\", §\"ghost:e\"]}\n",
                        "link l ends at 'ghost', which is no node and no switch; known: a"),
                arguments(
                        "lab: x\nnodes: {net1: {}}\nlinks: {l: [\"net1:e\", §\"nett1:e\"]}\n",
                        "link l ends at 'nett1', which is no node and no switch; did you mean 'net1'?"),
                arguments(
                        TWO + "links: {l: [\"a:e\", \"b:e\"], m: [§\"a:e\", \"b:f\"]}\n",
                        "interface a:e is there already: the end of a link in line 3"),
                arguments(
                        TWO + "links: {l: [\"a:e\", §\"a:e\"]}\n",
                        "interface a:e is there already: the end of a link in line 3"),
                arguments(TWO + "links: {l: §[\"a:e\"]}\n", "link l must have two endpoints, not 1"),
                arguments(TWO + "links: {l: {endpoints: §[a, b, a]}}\n", "link l must have two endpoints, not 3"),
                arguments(TWO + "links: {§l: {mtu: 1400}}\n", "link l has no endpoints: give two"),
                arguments(TWO + "links: {l: §\"a:e\"}\n", "link l must be a mapping (key: value), not a single value"),
                arguments(TWO + "links: {l: {endpoints: [a, b], mtu: §1}}\n", "MTU must be 68..65535 bytes, was 1"),

                // switches
                arguments(TWO + "switches: {§br: {}}\n", "switch br has no node: say in which node the bridge is"),
                arguments(
                        TWO + "switches: {br: {node: §c}}\n",
                        "switch br is in node 'c', which does not exist; did you mean 'a'?"),
                arguments(
                        TWO + "switches: {§abcdefghijklmnop: {node: a}}\n",
                        "interface name 'abcdefghijklmnop' has 16 bytes"),
                arguments(TWO + "switches: {§a: {node: a}}\n", "'a' is the name of a node already"),
                arguments(
                        LINKED + "switches: {br: {node: b, name: §e}}\n",
                        "interface b:e is there already: the end of a link in line 3"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {§br: {}}}}\nswitches: {br: {node: a}}\n",
                        "a:br is a switch (line 3); say there what it has"),
                arguments(
                        TWO + "switches: {br: {node: b, default_pvid: §4095}}\n", "VLAN id must be 1..4094, was 4095"),
                arguments(
                        TWO + "switches: {br: {node: b, vlan_filtering: §1}}\n",
                        "vlan_filtering must be true or false"),
                arguments(
                        TWO + "switches: {br: {node: b, ports: {§e: []}}}\n",
                        "port e of switch br does not exist in node b; there are none"),
                arguments(
                        LINKED + "switches: {br: {node: b, ports: [§f]}}\n",
                        "port f of switch br does not exist in node b; did you mean 'e'?"),
                arguments(LINKED + "switches: {br: {node: b, ports: [e, §e]}}\n", "port e is in this list already"),
                arguments(
                        LINKED + "switches: {br: {node: b, ports: [e]}, br2: {node: b, ports: {§e: []}}}\n",
                        "e is a port of switch br already; an interface can be in one bridge"),
                arguments(
                        TWO + "switches: {br: {node: b, ports: [§br2]}, br2: {node: b}}\n",
                        "br2 is a bridge; a bridge cannot be a port of a bridge"),
                arguments(
                        "lab: x\nnodes: {a: {}, b: {interfaces: {e.5: {parent: e, vlan: 5}}}}\nlinks: {l: [\"a:e\", \"br:e\"]}\nswitches: {br: {node: b, ports: [§e.5]}}\n",
                        "e and its subinterface e.5 cannot both be ports of switch br: let the link end at b:e instead"),
                arguments(
                        TWO + "switches: {br: {node: b, stp: true, forward_delay: §1}}\n",
                        "forward_delay must be 2..30 seconds, was 1"),
                arguments(
                        TWO + "switches: {br: {node: b, priority: §65536}}\n", "priority must be 0..65535, was 65536"),

                // VLAN tables
                arguments(TWO + "switches: {br: {node: b, self: [§\"0\"]}}\n", "VLAN id must be 1..4094, was 0"),
                arguments(TWO + "switches: {br: {node: b, self: [§4095]}}\n", "VLAN id must be 1..4094, was 4095"),
                arguments(TWO + "switches: {br: {node: b, self: §10}}\n", "self must be a list, not a single value"),
                arguments(
                        TWO + "switches: {br: {node: b, self: [§\"10 native\"]}}\n",
                        "'10 native' is not a VLAN entry such as '10 pvid untagged', '20' or '100-200'"),
                arguments(TWO + "switches: {br: {node: b, self: [§ten]}}\n", "'ten' is not a VLAN entry"),
                arguments(
                        TWO + "switches: {br: {node: b, self: [§200-100]}}\n", "range '200-100' ends before it starts"),
                arguments(
                        TWO + "switches: {br: {node: b, self: [§\"10-20 pvid\"]}}\n",
                        "range '10-20' cannot be the PVID: that is one VLAN"),
                arguments(
                        TWO + "switches: {br: {node: b, self: [§\"10 tagged untagged\"]}}\n",
                        "'10 tagged untagged' is both tagged and untagged"),
                arguments(
                        TWO + "switches: {br: {node: b, self: [\"10 pvid\", §\"20 pvid\"]}}\n",
                        "a second PVID, 20 after 10: untagged frames can go to one VLAN only"),
                arguments(TWO + "switches: {br: {node: b, self: [10-20, §15]}}\n", "VLAN 15 is in this table already"),
                arguments(
                        LINKED + "switches: {br: {node: b, ports: {e: §{}}}}\n",
                        "the VLAN table of port e must be a list, not a mapping"),

                // groups
                arguments(
                        TWO + "groups: {g: {members: [a, §c]}}\n",
                        "member 'c' of group g is no node; did you mean 'a'?"),
                arguments(TWO + "groups: {g: {members: [a, §a]}}\n", "a is in group g already"),
                arguments(TWO + "groups: {§a: {}}\n", "'a' is the name of a node already"),
                arguments(TWO + "groups: {g: {vlan: 10}, h: {vlan: §10}}\n", "VLAN 10 is group g's already"),
                arguments(TWO + "groups: {g: {vlan: §4095}}\n", "VLAN id must be 1..4094, was 4095"),
                arguments(
                        LINKED + "groups: {g: {vlan: 10, members: [§a]}}\n",
                        "a is in group g (VLAN 10), but no link leads from it to a switch"),
                arguments(TWO + "groups: {g: {vlan: 10, vlans: {§br: 36}}}\n", "'br' is no switch; there are none"),
                arguments(
                        SWITCHED + "switches: {br: {node: s}}\ngroups: {g: {§vlans: {br: 36}, members: [a]}}\n",
                        "group g has VLAN ids on single switches, but no vlan that holds on all others"),
                arguments(
                        SWITCHED
                                + "switches: {br: {node: s}}\ngroups: {g: {vlan: 10, vlans: {br: §20}, members: [a]}, h: {vlan: 20, members: [b]}}\n",
                        "VLAN 20 of switch br would be group g's and group h's"),
                arguments(
                        LINES.replace("{br: 36}", "{br: §36}"),
                        "group g is VLAN 10 on cr and 36 on br, but the tags on the line between them are both: give the group one VLAN"),
                arguments(
                        "lab: x\nnodes: {a: {vlan: §20}, b: {}, s: {}}\nlinks: {l: [\"a:e\", \"br:p\"], m: [\"b:e\", \"br:q\"]}\n"
                                + "switches: {br: {node: s}}\ngroups: {g: {vlan: 10, members: [a]}, h: {vlan: 20, members: [a, b]}}\n",
                        "VLAN 20 is group h's; a needs one of its own"),
                arguments(
                        "lab: x\nnodes: {a: {vlan: 30}, b: {vlan: §30}, s: {}}\nlinks: {l: [\"a:e\", \"br:p\"], m: [\"b:e\", \"br:q\"]}\n"
                                + "switches: {br: {node: s}}\ngroups: {g: {vlan: 10, members: [a, b]}, h: {vlan: 20, members: [a, b]}}\n",
                        "VLAN 30 is a's already; b needs one of its own"),
                arguments(
                        SWITCHED + "switches: {br: {node: s, ports: {p: §green}}}\n",
                        "port p: 'green' is no group; there are none; a table is a list, such as ['10 pvid untagged']"),
                arguments(
                        SWITCHED + "switches: {br: {node: s, ports: {p: §g}}}\ngroups: {g: {members: [a]}}\n",
                        "group g has no VLAN, so port p cannot carry it"),
                arguments(
                        SWITCHED + "switches: {br: {node: s, ports: {p: §a}}}\ngroups: {g: {members: [a]}}\n",
                        "a has no VLAN of its own, for it is no untagged member of several groups"),

                // guards
                arguments(
                        TWO + "guards: §maybe\n", "guards must be on, off, or a mapping of relay, spoofing and tagged"),
                arguments(TWO + "guards: {§relays: false}\n", "unknown key 'relays'; did you mean 'relay'?"),
                arguments(TWO + "guards: {relay: §off}\n", "relay must be true or false"),
                arguments(TWO + "allow_loops: §1\n", "allow_loops must be true or false"),
                arguments(TWO + "ipv6: §auto\n", "ipv6 must be true or false"),

                // autostart
                arguments(TWO + "autostart: §1\n", "autostart must be true or false"),
                arguments(
                        "lab: x\n§autostart: true\nnodes: {a: {attach: {pid: 7}}}\n",
                        "the lab cannot be brought back after a restart: node a is attached by a pid, which then means another process"),

                // expectations
                arguments(
                        TWO + "expect: {isolated: [§\"a -> c\"]}\n", "'c' is no node and no group; did you mean 'a'?"),
                arguments(TWO + "expect: {isolated: [§green]}\n", "'green' is no node and no group; known: a, b"),
                arguments(
                        TWO + "expect: {isolated: [§a]}\n",
                        "'a' is one node; write 'a -> NODE' or the name of a group"),
                arguments(TWO + "expect: {isolated: [§\"a -> a\"]}\n", "'a -> a' is a node and itself"),
                arguments(
                        "lab: x\nnodes: {a: {}, b: {interfaces: {e: {addresses: [10.0.0.1/24]}}}}\nlinks: {l: [a, \"b:e\"]}\n"
                                + "expect: {reach: [§\"a -> b\"]}\n",
                        "a has no address here, so it can neither reach nor be reached"),
                arguments(TWO + "expect: {vlans: [§br]}\n", "'br' is no switch; there are none"),
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\n  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}\nlinks: {l: [\"a:e\", \"b:e\"]}\nexpect: {reach: [all], isolated: [§\"b -> a\"]}\n",
                        "b -> a is expected both to reach and to be isolated"),

                // what else is expected
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\n  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}\n  c: {}\nlinks: {l: [\"a:e\", \"b:e\"]}\ntargets: {t: 192.0.2.1}\nexpect: [{reach: [§\"t -> a\"]}]\n",
                        "'t' is an address: it can be asked ('NODE -> t'), but not ask"),
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\n  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}\n  c: {}\nlinks: {l: [\"a:e\", \"b:e\"]}\ntargets: {t: 192.0.2.1}\nexpect: [{reach: [all]}, {isolated: [§\"a -> b\"]}]\n",
                        "a -> b is expected both to reach and to be isolated"),
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\n  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}\n  c: {}\nlinks: {l: [\"a:e\", \"b:e\"]}\ntargets: {t: 192.0.2.1}\nexpect: {broadcast: {a: {§\"b:f\": untagged}}}\n",
                        "b has no interface 'f' here; did you mean 'e'?"),
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\n  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}\n  c: {}\nlinks: {l: [\"a:e\", \"b:e\"]}\ntargets: {t: 192.0.2.1}\nexpect: {broadcast: {a: {§b: untagged}}}\n",
                        "'b' is no place; write NODE:INTERFACE"),
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\n  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}\n  c: {}\nlinks: {l: [\"a:e\", \"b:e\"]}\ntargets: {t: 192.0.2.1}\nexpect: {broadcast: {a: {\"b:e\": untagged, §\"a:e b:e\": nothing}}}\n",
                        "b:e is in this list already"),
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\n  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}\n  c: {}\nlinks: {l: [\"a:e\", \"b:e\"]}\ntargets: {t: 192.0.2.1}\nexpect: {broadcast: {a: {\"b:e\": §tagged}}}\n",
                        "'tagged' is nothing that can be seen; say 'untagged', 'tag 50', 'tag 50.10' (outer tag first) or 'nothing'"),
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\n  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}\n  c: {}\nlinks: {l: [\"a:e\", \"b:e\"]}\ntargets: {t: 192.0.2.1}\nexpect: {broadcast: {§c: {\"b:e\": untagged}}}\n",
                        "c has neither an address nor a bridge here; say which interface sends: c:INTERFACE"),
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\n  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}\n  c: {}\nlinks: {l: [\"a:e\", \"b:e\"]}\ntargets: {t: 192.0.2.1}\nexpect: {see: {§\"a <-> b\": {\"b:e\": untagged}}}\n",
                        "'a <-> b' must be 'NODE -> NODE'"),
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\n  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}\n  c: {}\nlinks: {l: [\"a:e\", \"b:e\"]}\ntargets: {t: 192.0.2.1}\nexpect: {tagged: {a: {§\"5000\": {\"b:e\": untagged}}}}\n",
                        "the VID of a tag is 0..4095: 5000"),
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\n  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}\n  c: {}\nlinks: {l: [\"a:e\", \"b:e\"]}\ntargets: {t: 192.0.2.1}\nexpect: {neighbours: {a: {10.0.0.2: §mine}}}\n",
                        "'mine' is no neighbour; say real, forged or none"),
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\n  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}\n  c: {}\nlinks: {l: [\"a:e\", \"b:e\"]}\ntargets: {t: 192.0.2.1}\nexpect: {tcp: {§\"a -> t\": ok}}\n",
                        "'t' has no port; write 't:PORT'"),
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\n  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}\n  c: {}\nlinks: {l: [\"a:e\", \"b:e\"]}\ntargets: {t: 192.0.2.1}\nexpect: {tcp: {\"a -> t:80\": §yes}}\n",
                        "'yes' is no outcome; say ok, 'peer ADDRESS' (ok, and the server sees that address), fail or refused"),

                // addresses
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}\n  b: {interfaces: {e: {addresses: [§10.0.0.1/16]}}}\nlinks: {l: [\"a:e\", \"b:e\"]}\n",
                        "10.0.0.1 is the address of a:e already (line 3)"),
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [10.0.0.1/24, §10.0.0.1/24]}}}\n  b: {}\nlinks: {l: [\"a:e\", \"b:e\"]}\n",
                        "10.0.0.1 is the address of a:e already (line 3)"),
                arguments(
                        "lab: x\nnodes:\n  a: {interfaces: {e: {addresses: [\"fd00::1/64\"]}}}\n  b: {}\nlinks: {l: [\"a:e\", \"b:e\"]}\nswitches: {br: {node: b, addresses: [§\"fd00:0::1/64\"]}}\n",
                        "fd00::1 is the address of a:e already (line 3)"),

                // routes, parameters, policies
                arguments(
                        "lab: x\nnodes: {host: {§sysctls: {net.ipv4.ip_forward: 1}}}\n",
                        "unknown key 'sysctls'; known: interfaces, routes, neighbours"),
                arguments(
                        "lab: x\nnodes: {a: {routes: [§default via 10.0.0.1]}}\n",
                        "gateway 10.0.0.1 is on no network of node a: say with 'dev'"),
                arguments(
                        "lab: x\nnodes: {a: {routes: [§10.0.0.0/8 dev eth0]}}\n",
                        "node a has no interface eth0; there are none"),
                arguments("lab: x\nnodes: {a: {routes: [§10.0.0.1/8 dev eth0]}}\n", "a route leads to a network"),
                arguments(
                        "lab: x\nnodes: {a: {routes: [blackhole 10.0.0.0/8, §blackhole 10.0.0.0/8]}}\n",
                        "route 'blackhole 10.0.0.0/8' is there already"),
                arguments(
                        "lab: x\nnodes: {a: {sysctls: {§kernel.hostname: a}}}\n",
                        "'kernel/hostname' is not a sysctl of a network namespace"),
                arguments(
                        "lab: x\nnodes: {a: {forwarding: true, sysctls: {§net.ipv4.ip_forward: 0}}}\n",
                        "net.ipv4.ip_forward is said twice: forwarding says it too"),
                arguments(
                        "lab: x\nnodes: {a: {sysctls: {§net.ipv4.conf.eth0.arp_ignore: 1}}}\n",
                        "node a has no interface eth0; there are none"),
                arguments("lab: x\nnodes: {a: {interfaces: {t: {tap: §yes}}}}\n", "a tap is written 'tap: true', or"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {t: {tap: true, §card: eth0}}}}\n",
                        "interface t of node a cannot be tap and card at once"),
                arguments(
                        "lab: x\nnodes: {host: {interfaces: {t: {§card: eth0}}}}\n",
                        "a card of the host is there already; it can be lent to another node only"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {m: {macvlan: {parent: §eth0}}}}}\n",
                        "parent eth0 of m does not exist in node a; there are none"),
                arguments(
                        "lab: x\nnodes: {a: {interfaces: {m: {§macvlan: {mode: vepa}}}}}\n",
                        "interface m of node a is a macvlan without a parent"),
                arguments("lab: x\nnodes: {a: {firewall: [§forward]}}\n", "'forward' does not say what to do"),
                arguments(
                        "lab: x\nnodes: {a: {firewall: [§forward in eth0 drop]}}\n",
                        "node a has no interface eth0; there are none"),
                arguments(
                        "lab: x\nnodes: {a: {firewall: §[ingress tagged drop]}}\n",
                        "'ingress tagged drop': layer network has the points"),
                arguments(
                        "lab: x\nnodes: {a: {nat: §[postrouting drop]}}\n",
                        "'postrouting drop': there is no drop at postrouting in layer nat"),
                arguments(
                        "lab: x\nnodes: {a: {firewall: {otherwise: {§nowhere: drop}}}}\n",
                        "'nowhere' is no point where rules hold"),
                arguments(
                        "lab: x\nnodes: {a: {firewall: {otherwise: {input: §reject}}}}\n",
                        "the rest can be met with accept or drop"),
                arguments(
                        "lab: x\nnodes: {a: {}}\nswitches: {s: {node: a, firewall: [§ingress in b drop]}}\n",
                        "switch s has no port b; there are none"),

                // bridges that exist
                arguments(
                        "lab: x\nnodes: {a: {}}\nswitches: {s: {node: §a, existing: true}}\n",
                        "a bridge that exists already is in node host, not in a"),
                arguments(
                        "lab: x\nnodes: {host: {}}\nswitches: {s: {node: host, existing: true, §self: [10]}}\n",
                        "switch s exists already; self is its owner's business"),

                // stages
                arguments(TWO + "default_stage: §two\nstages: [{name: one}]\n", "no stage 'two'; known: one"),
                arguments(TWO + "default_stage: §two\n", "no stage 'two'; there are none"),
                arguments(TWO + "stages: [{name: one}, {name: §one}]\n", "stage 'one' is there already, in line 3"),
                arguments(TWO + "stages: [§{expect: {}}]\n", "a stage has no name; give it one with 'name: NAME'"),
                arguments(TWO + "stages: [{name: §\"a b\"}]\n", "'a b' cannot be a stage's name"),
                arguments(TWO + "stages: [{name: one, §lab: y}]\n", "unknown key 'lab'; known: name, description"),
                arguments(TWO + "stages: §{}\n", "stages must be a list, each with a name"),
                arguments(TWO + "stages: §[]\n", "stages must be a list, each with a name"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void saysWhatIsWrongAndWhere(String marked, String what) {
        int mark = marked.indexOf('§');
        int line =
                (int) marked.substring(0, mark).chars().filter(c -> c == '\n').count() + 1;
        int column = mark - marked.lastIndexOf('\n', mark);
        assertThat(message(marked.replace("§", "")))
                .startsWith("labs/lab.yaml:%d:%d: %s".formatted(line, column, what))
                .hasLineCount(1);
    }

    @Test
    void tellsEverythingAtOnceInTheFilesOrderAndOnce() {
        String text =
                """
                lab: x
                nodes:
                  a: {interfaces: {e: {mtu: 1}}}
                  b: {hodler: pin}
                stages:
                  - name: one
                  - name: two
                    nodes: {a: {interfaces: {e: {up: maybe}}}}
                """;
        assertThat(message(text).lines())
                .containsExactly(
                        "labs/lab.yaml:3:29: MTU must be 68..65535 bytes, was 1",
                        "labs/lab.yaml:4:7: unknown key 'hodler'; did you mean 'holder'?",
                        "labs/lab.yaml:8:38: up must be true or false");
    }

    @Test
    void whatIsWrongInALaterStageOnlyIsToldAtTheStageThatWroteIt() {
        String text =
                """
                lab: x
                nodes:
                  a: {interfaces: {e: {addresses: [10.0.0.1/24]}}}
                  b: {interfaces: {e: {addresses: [10.0.0.2/24]}}}
                links: {l: ["a:e", "b:e"]}
                stages:
                  - name: one
                  - name: two
                    nodes: {b: {interfaces: {e: {addresses: [10.0.0.1/24]}}}}
                  - name: three
                    links: {l: null}
                """;
        assertThat(message(text).lines())
                .containsExactly(
                        "labs/lab.yaml:3:20: no link ends at a:e, it has no parent and is no tap and no card, so nothing would create it; there are none",
                        "labs/lab.yaml:9:30: no link ends at b:e, it has no parent and is no tap and no card, so nothing would create it; there are none",
                        "labs/lab.yaml:9:46: 10.0.0.1 is the address of a:e already (line 3)");
    }

    @Test
    @Timeout(60)
    void anAliasBombIsDefused() {
        StringBuilder bomb = new StringBuilder("lab: x\na0: &a0 [x, x]\n");
        for (int i = 1; i < 60; i++) {
            bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }
        assertThat(message(bomb.toString()))
                .isEqualTo("labs/lab.yaml:18:6: more than 200,000 values, those that aliases repeat included");
    }

    @Test
    @Timeout(60)
    void deepNestingDoesNotCostTheStack() {
        assertThat(message("lab: x\nnodes: " + "{a: ".repeat(200_000))).contains("nested more than 32 deep");
    }

    @Test
    @Timeout(60)
    void aLabTooBigToMeasureIsRefused() {
        StringBuilder text = new StringBuilder("lab: x\nnodes:\n");
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < 1_100; i++) {
            text.append("  n%d: {}%n".formatted(i));
            members.append(i == 0 ? "" : ", ").append("n" + i);
        }
        text.append("groups: {g: {members: [" + members + "]}}\nexpect: {isolated: [g]}\n");
        assertThat(message(text.toString()))
                .isEqualTo("labs/lab.yaml:1104:21: more than 1,000,000 pairs are expected; expect fewer");
    }

    @Test
    @Timeout(120)
    void aFileWrongInVeryManyPlacesIsGivenUpInTime() {
        StringBuilder text = new StringBuilder("lab: x\nnodes:\n  a:\n    interfaces:\n");
        for (int i = 0; i < 40_000; i++) {
            text.append("      if%d: {}%n".formatted(i));
        }
        assertThat(message(text.toString())).hasLineCount(100);
    }

    /** Files as people half-way through an edit save them. */
    @Test
    @Timeout(120)
    void whateverStandsInAFileNothingButProblemsComesOfIt() throws IOException {
        Random random = new Random(7);
        String alphabet = "{}[]:,-\"'#&*!|>%@ \n\tab09§";
        for (String name : List.of("exp01", "exp02", "exp03", "exp04")) {
            String good = Files.readString(Path.of("../../etc/labs", name + ".yaml"));
            for (int i = 0; i < 100; i++) {
                StringBuilder text = new StringBuilder(good);
                for (int edits = random.nextInt(4); edits >= 0; edits--) {
                    int at = random.nextInt(text.length());
                    int end = Math.min(text.length(), at + random.nextInt(20));
                    switch (random.nextInt(3)) {
                        case 0 -> text.delete(at, end);
                        case 1 -> text.insert(at, text.substring(at, end));
                        default -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
                    }
                }
                try {
                    LabFile lab = LabFile.parse(text.toString(), Path.of("lab.yaml"));
                    lab.stages().forEach(stage -> lab.at(Optional.of(stage)));
                } catch (LabFileException e) {
                    assertThat(e.problems()).isNotEmpty();
                    assertThat(e.getMessage()).hasLineCount(e.problems().size());
                }
            }
        }
    }

    @Test
    void aHugeValueIsNotRepeated() {
        assertThat(message("lab: " + "x".repeat(10_000)))
                .isEqualTo("labs/lab.yaml:1:6: a single value of more than 4,096 characters");
    }

    @Test
    void whatCannotBeReadIsToldByFile(@TempDir Path directory) throws IOException {
        Path missing = directory.resolve("none.yaml");
        assertThat(problem(() -> LabFile.read(missing))).isEqualTo(missing + ": no such file");
        assertThat(problem(() -> LabFile.read(directory))).isEqualTo(directory + ": not a regular file");
        Path huge = Files.write(directory.resolve("huge.yaml"), new byte[10 << 20]);
        assertThat(problem(() -> LabFile.read(huge)))
                .isEqualTo(huge + ": larger than 1 MiB; a lab file is some kilobytes of YAML");
        Path latin = Files.write(directory.resolve("latin.yaml"), "lab: ü".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(problem(() -> LabFile.read(latin)))
                .isEqualTo(latin + ": not UTF-8 text; a lab file is YAML in UTF-8");
        Path empty = Files.writeString(directory.resolve("empty.yaml"), "# nothing\n");
        assertThat(problem(() -> LabFile.read(empty)))
                .isEqualTo(empty + ": the file is empty; a lab file starts with 'lab: NAME'");
    }

    private static String message(String text) {
        return problem(() -> LabFile.parse(text, Path.of("labs/lab.yaml")));
    }

    private static String problem(org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
        LabFileException exception = catchThrowableOfType(LabFileException.class, reading);
        assertThat(exception).isNotNull();
        return exception.getMessage();
    }
}
