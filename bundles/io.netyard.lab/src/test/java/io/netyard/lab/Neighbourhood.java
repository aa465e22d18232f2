package io.netyard.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What somebody else has built by hand beside the labs, and under the same names: two namespaces with a bridge, a cable, addresses, routes,
 * neighbours and rules, and a cable of the host's.
 */
final class Neighbourhood implements AutoCloseable {

    private final Guest hub = new Guest();
    private final Guest spoke = new Guest();

    Neighbourhood() throws Exception {
        must(hub.run("ip link add veth13 type veth peer name veth11 netns " + spoke.pid()));
        for (String command : List.of(
                "ip link add brx type bridge",
                "ip link set veth13 master brx",
                "ip addr add 192.168.5.200/24 dev brx",
                "ip link set veth13 up",
                "ip link set brx up",
                "ip route add 10.99.0.0/16 via 192.168.5.201",
                "ip neigh add 192.168.5.202 lladdr 02:00:00:00:00:01 dev brx nud permanent")) {
            must(hub.run(command));
        }
        // As much of a firewall as this kernel has.
        for (String command : List.of(
                "nft add table bridge others",
                "nft add chain bridge others stop { type filter hook forward priority 0 ; }",
                "nft add rule bridge others stop ether type 0x88cc drop",
                "nft add table inet others",
                "iptables-legacy -N OTHERS",
                "iptables-legacy -A FORWARD -j OTHERS")) {
            hub.run(command);
        }
        must(spoke.run("ip addr add 192.168.5.201/24 dev veth11"));
        must(spoke.run("ip link set veth11 up"));
        must(Guest.runOutside("ip", "link", "add", "others0", "type", "veth", "peer", "name", "others1"));
        must(Guest.runOutside("ip", "addr", "add", "10.98.0.1/24", "dev", "others0"));
        for (String end : List.of("others0", "others1")) {
            must(Guest.runOutside("ip", "link", "set", end, "up"));
        }
        must(Guest.runOutside("ip", "route", "add", "10.97.0.0/16", "via", "10.98.0.2"));
    }

    Map<String, Path> namespaces() {
        return Map.of("others-hub", net(hub), "others-spoke", net(spoke));
    }

    private static Path net(Guest guest) {
        return Path.of("/proc", Long.toString(guest.pid()), "ns/net");
    }

    /** Something of somebody else's in a namespace of a lab. */
    static void moveInto(Path namespace) throws Exception {
        for (String command : List.of(
                "ip link add theirs0 type veth peer name theirs1",
                "ip addr add 10.96.0.1/24 dev theirs0",
                "ip link set theirs0 up",
                "ip link set theirs1 up",
                "ip route add 10.95.0.0/16 via 10.96.0.2")) {
            must(inside(namespace, command));
        }
        inside(namespace, "nft add table bridge theirs");
        inside(namespace, "iptables-legacy -N THEIRS");
    }

    static String inside(Path namespace, String command) throws Exception {
        return Guest.runOutside("nsenter", "--net=" + namespace, "sh", "-c", command);
    }

    private static void must(String output) {
        if (!output.isEmpty()) {
            throw new AssertionError(output);
        }
    }

    @Override
    public void close() throws Exception {
        Guest.runOutside("ip", "link", "delete", "others0");
        hub.close();
        spoke.close();
    }
}
