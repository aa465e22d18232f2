package io.netyard.testing.contract;

import static io.netyard.testing.contract.Case.link;
import static io.netyard.testing.contract.Flow.ping;
import static io.netyard.testing.contract.Flow.resolve;
import static io.netyard.testing.contract.Flow.tcp;
import static io.netyard.testing.contract.Flow.udp;

import io.netyard.api.firewall.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Every kind of rule there is, each with what it must let through and what it must not. */
final class Catalogue {

    /** h1 has a second address. */
    private static final Consumer<Site> SECOND_ADDRESS = site ->
            site.ip("h1", "addr add 10.0.0.77/24 dev eth0", "addr add fd00::77/64 dev eth0 nodad preferred_lft 0");

    /** h1 has another hardware address than it should; with the change it forgets its neighbours. */
    private static final Consumer<Site> OTHER_MAC = site -> site.ip(
            "h1",
            "link set eth0 address 02:00:00:00:00:77",
            "neigh replace 10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent",
            "neigh replace fd00::2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent");

    private Catalogue() {}

    static List<Case> all() {
        List<Case> all = new ArrayList<>();
        all.addAll(ports());
        all.addAll(addresses());
        all.addAll(transports());
        all.addAll(frames());
        all.addAll(rest());
        all.addAll(tags());
        all.addAll(network());
        all.addAll(nat());
        return all;
    }

    private static List<Case> ports() {
        return List.of(
                link(
                        "where it comes in",
                        List.of("forward in p1 udp dport 7 drop"),
                        udp("h1", "h2", 7).silent(),
                        udp("h1", "h2", 7).v6().silent(),
                        udp("h1", "h2", 8),
                        udp("h3", "h2", 7)),
                link(
                        "where it goes out",
                        List.of("forward out p2 udp dport 7 drop"),
                        udp("h1", "h2", 7).silent(),
                        udp("h1", "h3", 7),
                        udp("h2", "h1", 7)),
                link(
                        "in at one, out at another of several",
                        List.of("forward in p1,p3 out p2 udp dport 7 drop"),
                        udp("h1", "h2", 7).silent(),
                        udp("h3", "h2", 7).silent(),
                        udp("h1", "h3", 7)),
                link(
                        "in at any but one",
                        List.of("forward in not p1 udp dport 7 drop"),
                        udp("h3", "h2", 7).silent(),
                        udp("h1", "h2", 7)),
                link(
                        "in at any but two",
                        List.of("forward in not p1,p2 udp dport 7 drop"),
                        udp("h3", "h2", 7).silent(),
                        udp("h1", "h2", 7),
                        udp("h2", "h3", 7)),
                link(
                        "out at any but two is accepted before the rest",
                        List.of("forward out not p1,p2 accept", "forward udp dport 7 drop"),
                        udp("h1", "h2", 7).silent(),
                        udp("h2", "h1", 7).v6().silent(),
                        udp("h1", "h3", 7),
                        udp("h1", "h2", 8)));
    }

    private static List<Case> addresses() {
        return List.of(
                link(
                        "a source",
                        List.of("forward source 10.0.0.1 drop"),
                        udp("h1", "h2", 7).silent(),
                        udp("h1", "h2", 7).v6(),
                        udp("h3", "h2", 7),
                        resolve("h1", "h2")),
                link(
                        "any source but one",
                        List.of("forward source not 10.0.0.1 udp dport 7 drop"),
                        udp("h3", "h2", 7).silent(),
                        udp("h3", "h2", 7).v6(),
                        udp("h1", "h2", 7)),
                link(
                        "any source but two",
                        List.of("forward source not 10.0.0.1,10.0.0.2 udp dport 7 drop"),
                        udp("h3", "h2", 7).silent(),
                        udp("h1", "h2", 7),
                        udp("h2", "h3", 7),
                        udp("h3", "h2", 8)),
                link(
                        "any source but two is accepted before the rest",
                        List.of("forward source not 10.0.0.1,10.0.0.2 accept", "forward udp dport 7 drop"),
                        udp("h1", "h2", 7).silent(),
                        udp("h2", "h1", 7).silent(),
                        udp("h3", "h2", 7),
                        udp("h1", "h2", 8)),
                link(
                        "a source in none of two networks, a destination in neither of two",
                        List.of(
                                "forward source not 10.0.0.0/31,10.9.0.0/16 destination not 10.0.0.1,10.0.0.9 udp drop"),
                        udp("h3", "h2", 7).silent(),
                        udp("h2", "h3", 7).silent(),
                        udp("h1", "h2", 7),
                        udp("h3", "h1", 7)),
                link(
                        "an IPv6 network",
                        List.of("forward destination fd00::2/127 udp dport 7 drop"),
                        udp("h1", "h2", 7).v6().silent(),
                        udp("h1", "h3", 7).v6().silent(),
                        udp("h2", "h1", 7).v6(),
                        udp("h1", "h2", 7)),
                link(
                        "any IPv6 source but two",
                        List.of("forward source not fd00::1,fd00::2 udp dport 7 drop"),
                        udp("h3", "h2", 7).v6().silent(),
                        udp("h1", "h2", 7).v6(),
                        udp("h3", "h2", 7)),
                link(
                        "a hardware address",
                        List.of("forward source-mac 02:00:00:00:00:01 udp dport 7 drop"),
                        udp("h1", "h2", 7).silent(),
                        udp("h1", "h2", 7).v6().silent(),
                        udp("h3", "h2", 7)),
                link(
                        "any hardware address but two",
                        List.of("forward source-mac not 02:00:00:00:00:01,02:00:00:00:00:02 udp dport 7 drop"),
                        udp("h3", "h2", 7).silent(),
                        udp("h1", "h2", 7),
                        udp("h2", "h3", 7).v6()),
                link(
                                "a forged hardware address",
                                List.of("ingress in p1 source-mac not 02:00:00:00:00:01 drop"),
                                udp("h1", "h2", 7).silent(),
                                resolve("h1", "h2").silent(),
                                udp("h3", "h2", 7))
                        .prepared(OTHER_MAC),
                link(
                                "a forged hardware address of IPv4 packets",
                                List.of("ingress in p1 ipv4 source-mac not 02:00:00:00:00:01 drop"),
                                udp("h1", "h2", 7).silent(),
                                udp("h1", "h2", 7).v6())
                        .prepared(OTHER_MAC));
    }

    private static List<Case> transports() {
        return List.of(
                link(
                        "ports and ranges of TCP",
                        List.of("forward tcp dport 7,20-30 drop"),
                        tcp("h1", "h2", 25).silent(),
                        tcp("h1", "h2", 7).silent(),
                        tcp("h1", "h2", 25).v6().silent(),
                        tcp("h1", "h2", 31),
                        udp("h1", "h2", 25)),
                link(
                        "a source port",
                        List.of("forward udp sport 5000-5001 drop"),
                        udp("h1", "h2", 7).fromPort(5001).silent(),
                        udp("h1", "h2", 7).fromPort(5002)),
                link(
                        "source and destination ports",
                        List.of("forward udp sport 5000,5002 dport 7,9 drop"),
                        udp("h1", "h2", 7).fromPort(5002).silent(),
                        udp("h1", "h2", 9).fromPort(5000).silent(),
                        udp("h1", "h2", 8).fromPort(5000)),
                link(
                        "a protocol by number",
                        List.of("forward protocol 17 drop"),
                        udp("h1", "h2", 7).silent(),
                        udp("h1", "h2", 7).v6().silent(),
                        tcp("h1", "h2", 7)),
                link(
                        "a type of ICMP",
                        List.of("forward icmp type 8 drop"),
                        ping("h1", "h2").silent(),
                        ping("h1", "h2").v6()),
                link(
                        "two types of ICMPv6",
                        List.of("forward icmpv6 type 1,128 drop"),
                        ping("h1", "h2").v6().silent(),
                        ping("h1", "h2")),
                link(
                        "new connections one way only",
                        List.of("forward in p1 state new tcp drop"),
                        tcp("h1", "h2", 7).silent(),
                        tcp("h2", "h1", 7),
                        udp("h1", "h2", 7)),
                link(
                        "what is known goes on",
                        List.of("forward state established,related accept", "forward in p1 tcp drop"),
                        tcp("h1", "h2", 7).silent(),
                        tcp("h2", "h1", 7),
                        tcp("h3", "h1", 7).v6()));
    }

    private static List<Case> frames() {
        return List.of(
                link(
                        "IPv4",
                        List.of("forward ipv4 drop"),
                        udp("h1", "h2", 7).silent(),
                        udp("h1", "h2", 7).v6(),
                        resolve("h1", "h2")),
                link(
                        "IPv6 as it comes in",
                        List.of("ingress in p1 ipv6 drop"),
                        udp("h1", "h2", 7).v6().silent(),
                        udp("h3", "h2", 7).v6(),
                        udp("h1", "h2", 7)),
                link(
                        "ARP",
                        List.of("forward arp drop"),
                        resolve("h1", "h2").silent(),
                        resolve("h1", "h2").v6(),
                        udp("h1", "h2", 7)),
                link(
                        "ARP as it comes in at one port",
                        List.of("ingress in p1 arp drop"),
                        resolve("h1", "h2").silent(),
                        resolve("h2", "h3"),
                        udp("h1", "h2", 7)),
                link(
                                "a forged sender of ARP",
                                List.of("ingress in p1 arp-source not 10.0.0.1 drop"),
                                resolve("h1", "h2").source("10.0.0.77").silent(),
                                resolve("h1", "h2"),
                                udp("h1", "h2", 7).source("10.0.0.77"))
                        .prepared(SECOND_ADDRESS),
                link(
                                "a sender of ARP that is neither of two",
                                List.of("ingress in p1 arp-source not 10.0.0.1,10.0.0.9 drop"),
                                resolve("h1", "h2").source("10.0.0.77").silent(),
                                resolve("h1", "h2"),
                                resolve("h3", "h2"))
                        .prepared(SECOND_ADDRESS),
                link(
                                "a forged hardware address in ARP",
                                List.of("ingress in p1 arp-source-mac not 02:00:00:00:00:01 drop"),
                                resolve("h1", "h2").silent(),
                                resolve("h3", "h2"),
                                udp("h1", "h2", 7))
                        .prepared(OTHER_MAC),
                link(
                                "a forged source of IPv4 as it comes in",
                                List.of("ingress in p1 source not 10.0.0.1 drop"),
                                udp("h1", "h2", 7).source("10.0.0.77").silent(),
                                udp("h1", "h2", 7),
                                resolve("h1", "h2").source("10.0.0.77"))
                        .prepared(SECOND_ADDRESS),
                link(
                                "a neighbour's answer for an address that is not its own",
                                List.of("ingress in p1 icmpv6 type 136 nd-target not fd00::1,fe80::/10 drop"),
                                resolve("h2", "h1").v6().to("fd00::77").silent(),
                                resolve("h2", "h1").v6(),
                                resolve("h1", "h2").v6())
                        .prepared(SECOND_ADDRESS));
    }

    private static List<Case> rest() {
        return List.of(
                link(
                        "everything of one port",
                        List.of("forward in p1 drop"),
                        udp("h1", "h2", 7).silent(),
                        udp("h1", "h2", 7).v6().silent(),
                        resolve("h1", "h2").silent(),
                        resolve("h2", "h1").silent(),
                        udp("h2", "h1", 7)),
                link(
                        "the rest is dropped",
                        List.of("forward arp accept", "forward udp dport 7 accept", "otherwise forward drop"),
                        udp("h1", "h2", 8).silent(),
                        udp("h1", "h2", 8).v6().silent(),
                        udp("h1", "h2", 7),
                        udp("h1", "h2", 7).v6(),
                        resolve("h1", "h2")),
                link(
                        "the rest of what comes in is dropped",
                        List.of("ingress in p1,p2 accept", "otherwise ingress drop"),
                        udp("h3", "h1", 7).silent(),
                        udp("h1", "h2", 7),
                        udp("h2", "h3", 7).v6()),
                link(
                        "the rest of IPv4 and IPv6 is dropped",
                        List.of(
                                "forward udp dport 7 accept",
                                "forward source not 10.0.0.3,10.0.0.2 ipv4 accept",
                                "forward ipv4 drop",
                                "forward ipv6 drop"),
                        udp("h3", "h2", 8).silent(),
                        udp("h3", "h2", 8).v6().silent(),
                        udp("h1", "h2", 8),
                        udp("h3", "h2", 7),
                        udp("h3", "h2", 7).v6(),
                        resolve("h3", "h2")),
                link(
                        "two points in one policy",
                        List.of("ingress in p1 udp dport 7 drop", "forward out p3 udp dport 8 drop"),
                        udp("h1", "h2", 7).silent(),
                        udp("h1", "h3", 8).silent(),
                        udp("h3", "h2", 7),
                        udp("h1", "h2", 8)));
    }

    /** Tags on both sides of the bridge; and, on bridges that filter by VLAN, on one. */
    private static List<Case> tags() {
        Consumer<Site> subinterfaces = site -> {
            for (int i = 1; i <= 3; i++) {
                site.ip(
                        "h" + i,
                        "link add link eth0 name eth0.10 up type vlan id 10",
                        "addr add 10.10.0.%d/24 dev eth0.10".formatted(i),
                        "addr add fd10::%d/64 dev eth0.10 nodad".formatted(i));
            }
        };
        Consumer<Site> trunk = site -> {
            site.ip("sw", "link set brx type bridge vlan_filtering 1 vlan_default_pvid 0");
            if (site.run("sw", "", "bridge", "vlan", "add", "dev", "p1", "vid", "10")
                                    .status()
                            != 0
                    || !site.run("sw", "", "ip", "-d", "link", "show", "brx")
                            .output()
                            .contains("vlan_filtering 1")) {
                throw new IllegalStateException("this kernel has no bridge VLAN filtering");
            }
            site.run("sw", "", "bridge", "vlan", "add", "dev", "p2", "vid", "10", "pvid", "untagged");
            site.run("sw", "", "bridge", "vlan", "add", "dev", "p3", "vid", "10", "pvid", "untagged");
            site.ip(
                    "h1",
                    "link add link eth0 name eth0.10 up type vlan id 10",
                    "addr flush dev eth0",
                    "addr add 10.0.0.1/24 dev eth0.10",
                    "addr add fd00::1/64 dev eth0.10 nodad");
        };
        return List.of(
                link(
                                "tagged frames",
                                List.of("ingress in p1 tagged drop"),
                                udp("h1", "h2", 7)
                                        .source("10.10.0.1")
                                        .to("10.10.0.2")
                                        .silent(),
                                udp("h3", "h2", 7).source("10.10.0.3").to("10.10.0.2"),
                                udp("h1", "h2", 7))
                        .prepared(subinterfaces)
                        .taggedPorts("p1", "p2", "p3"),
                link(
                                "tagged IPv6",
                                List.of("ingress in p1 tagged ipv6 drop"),
                                udp("h1", "h2", 7)
                                        .v6()
                                        .source("fd10::1")
                                        .to("fd10::2")
                                        .silent(),
                                udp("h1", "h2", 7).source("10.10.0.1").to("10.10.0.2"),
                                udp("h1", "h2", 7).v6())
                        .prepared(subinterfaces)
                        .taggedPorts("p1", "p2", "p3"),
                link(
                                "addresses behind a tag",
                                List.of("forward source 10.10.0.1 udp dport 7 drop"),
                                udp("h1", "h2", 7)
                                        .source("10.10.0.1")
                                        .to("10.10.0.2")
                                        .silent(),
                                udp("h1", "h2", 8).source("10.10.0.1").to("10.10.0.2"),
                                udp("h3", "h2", 7).source("10.10.0.3").to("10.10.0.2"),
                                udp("h1", "h2", 7))
                        .prepared(subinterfaces)
                        .taggedPorts("p1", "p2", "p3"),
                link(
                                "IPv4, tagged or not",
                                List.of("forward in p1 ipv4 drop"),
                                udp("h1", "h2", 7)
                                        .source("10.10.0.1")
                                        .to("10.10.0.2")
                                        .silent(),
                                udp("h1", "h2", 7).silent(),
                                udp("h1", "h2", 7).v6().source("fd10::1").to("fd10::2"),
                                udp("h1", "h2", 7).v6())
                        .prepared(subinterfaces)
                        .taggedPorts("p1", "p2", "p3"),
                link(
                                "from a trunk to an untagged port",
                                List.of("forward out p2 source 10.0.0.1 udp dport 7 drop"),
                                udp("h1", "h2", 7).silent(),
                                udp("h1", "h2", 8),
                                udp("h1", "h3", 7),
                                udp("h3", "h2", 7))
                        .prepared(trunk)
                        .taggedPorts("p1"),
                link(
                                "from an untagged port to a trunk",
                                List.of("forward in p2 source 10.0.0.2 udp dport 7 drop"),
                                udp("h2", "h1", 7).silent(),
                                udp("h2", "h1", 8),
                                udp("h3", "h1", 7))
                        .prepared(trunk)
                        .taggedPorts("p1"),
                link(
                                "what comes in at an untagged port of a bridge with a trunk",
                                List.of("ingress in p2 source not 10.0.0.2 drop", "ingress in p2 tagged drop"),
                                udp("h2", "h1", 7).source("10.0.0.77").silent(),
                                udp("h2", "h1", 7),
                                udp("h1", "h2", 7))
                        .prepared(trunk.andThen(site -> site.ip("h2", "addr add 10.0.0.77/24 dev eth0")))
                        .taggedPorts("p1")
                        .unhit(1));
    }

    private static Case network(String name, List<String> lines, Flow... flows) {
        return Case.of(name, Layer.NETWORK, lines, flows);
    }

    private static List<Case> network() {
        return List.of(
                network(
                        "from one interface to another",
                        List.of("forward in rc out rs udp dport 7 drop"),
                        udp("c", "s", 7).silent(),
                        udp("c", "s", 7).v6().silent(),
                        udp("c", "s", 8),
                        udp("s", "c", 7)),
                network(
                        "to the router itself",
                        List.of("input in rc tcp dport 22 drop"),
                        tcp("c", "r", 22).silent(),
                        tcp("c", "r", 22).v6().silent(),
                        tcp("c", "r", 23),
                        tcp("c", "s", 22)),
                network(
                        "from the router itself",
                        List.of("output out rs destination 10.2.0.1 udp dport 7 drop"),
                        udp("r", "s", 7).source("10.2.0.254").silent(),
                        udp("r", "s", 8).source("10.2.0.254"),
                        udp("c", "s", 7)),
                network(
                        "refused aloud",
                        List.of("forward tcp dport 7 reject", "forward udp dport 7 reject"),
                        tcp("c", "s", 7).refused(),
                        udp("c", "s", 7).refused(),
                        tcp("c", "s", 7).v6().refused(),
                        udp("c", "s", 7).v6().refused(),
                        udp("c", "s", 8)),
                network(
                        "everything refused aloud",
                        List.of("forward in rc state new reject"),
                        tcp("c", "s", 7).refused(),
                        udp("c", "s", 7).refused(),
                        udp("c", "s", 7).v6().refused(),
                        tcp("s", "c", 7)),
                network(
                        "connections one way only",
                        List.of(
                                "forward state established,related accept",
                                "forward in rc out rs accept",
                                "otherwise forward drop"),
                        tcp("s", "c", 7).silent(),
                        udp("s", "c", 7).v6().silent(),
                        tcp("c", "s", 7),
                        tcp("c", "s", 7).v6(),
                        ping("c", "s")),
                network(
                        "what the router takes for itself",
                        List.of(
                                "input state established,related accept",
                                "input icmp type 8 accept",
                                "input source not 10.1.0.1,10.1.0.2 udp accept",
                                "otherwise input drop"),
                        udp("c", "r", 7).silent(),
                        udp("c", "r", 7).v6().silent(),
                        udp("s", "r", 7),
                        ping("c", "r"),
                        tcp("r", "s", 7).source("10.2.0.254")),
                network(
                        "in by none of several",
                        List.of("forward in not rs,rx udp dport 7 drop"),
                        udp("c", "s", 7).silent(),
                        udp("s", "c", 7)),
                network(
                        "in by none of several is accepted",
                        List.of("forward in not rs,rx accept", "otherwise forward drop"),
                        udp("s", "c", 7).silent(),
                        udp("c", "s", 7)),
                network(
                        "IPv6 only",
                        List.of("forward ipv6 drop"),
                        udp("c", "s", 7).v6().silent(),
                        udp("c", "s", 7)),
                network(
                        "all that a namespace sends",
                        List.of("output udp dport 7 accept", "otherwise output drop"),
                        udp("r", "c", 8).silent(),
                        udp("r", "c", 7),
                        udp("c", "s", 8)));
    }

    private static Case nat(String name, List<String> lines, Flow... flows) {
        return Case.of(name, Layer.NAT, lines, flows);
    }

    private static List<Case> nat() {
        return List.of(
                nat(
                        "masquerade",
                        List.of("postrouting out rs source 10.1.0.0/24 masquerade"),
                        udp("c", "s", 7).peer("10.2.0.254"),
                        tcp("c", "s", 7).peer("10.2.0.254"),
                        udp("s", "c", 7).peer("10.2.0.1"),
                        udp("c", "s", 7).v6().peer("fd01::1")),
                nat(
                        "masquerade of both families",
                        List.of("postrouting out rs masquerade"),
                        udp("c", "s", 7).peer("10.2.0.254"),
                        udp("c", "s", 7).v6().peer("fd02::fe")),
                nat(
                        "some are left as they are",
                        List.of("postrouting source 10.1.0.1 tcp accept", "postrouting out rs masquerade"),
                        tcp("c", "s", 7).peer("10.1.0.1"),
                        udp("c", "s", 7).peer("10.2.0.254")),
                nat(
                        "a given source",
                        List.of("postrouting out rs source not 10.3.0.1,10.3.0.2 snat 10.2.0.99"),
                        udp("c", "s", 7).peer("10.2.0.99")),
                nat(
                        "a given destination and port",
                        List.of("prerouting in rc tcp dport 8080 dnat 10.2.0.1:80"),
                        tcp("c", "r", 8080).at("s:80").peer("10.1.0.1"),
                        tcp("c", "r", 8081)),
                nat(
                        "a given IPv6 destination and port",
                        List.of("prerouting in rc udp dport 8080 dnat [fd02::1]:80"),
                        udp("c", "r", 8080).v6().at("s:80").peer("fd01::1"),
                        udp("c", "r", 8080)),
                nat(
                        "a given destination",
                        List.of("prerouting in rc udp dport 53 dnat 10.2.0.1"),
                        udp("c", "r", 53).at("s:53")));
    }
}
