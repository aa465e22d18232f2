package io.netyard.lab;

/** A lab with a bit of all that any kernel can carry, a firewall too, and with each way to hold a namespace. */
final class MixedLab {

    static final String NAME = "many-hands";

    static final String TEXT =
            """
            lab: many-hands
            nodes:
              one: {interfaces: {e: {addresses: [10.74.0.1/24]}}, routes: [default via 10.74.0.9]}
              two: {holder: pin, interfaces: {e: {addresses: [10.74.0.2/24, "fd74::2/64"]}}}
              router:
                holder: named
                interfaces: {e: {addresses: [10.74.0.9/24]}, t: {tap: {hosts: [10.75.0.2]}, addresses: [10.75.0.1/24]}}
                forwarding: true
                firewall: [input tcp dport 9 drop]
              hub: {holder: pin}
            switches: {br: {node: hub}}
            links: {a: ["one:e", "br:pa"], b: ["two:e", "br:pb"], c: ["router:e", "br:pc"]}
            """;

    /** With another address, another rule, and a node more. */
    static final String EDITED = TEXT.replace("10.74.0.2/24", "10.74.0.22/24")
            .replace("dport 9 drop", "dport 10 drop")
            .replace("hub: {holder: pin}", "hub: {holder: pin}\n  three: {interfaces: {e: {}}}")
            .replace("links: {", "links: {d: [\"three:e\", \"br:pd\"], ");

    private MixedLab() {}
}
