package io.netyard.lab.file;

import static java.util.stream.Collectors.joining;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.api.firewall.Rule;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Place;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the switches keep a member of several groups from, and with it all members: a VLAN that all hear keeps nobody from speaking in it
 * with a tag, and who is in two groups could hand frames on from one to the other. All of it is asked where a frame comes in from its
 * sender, before it has a VLAN or crosses a trunk.
 */
final class Guards {

    static final String NAME = "guards";

    // RFC 4861, 4.2 to 4.5
    private static final int ROUTER_ADVERTISEMENT = 134;
    private static final int NEIGHBOUR_SOLICITATION = 135;
    private static final int NEIGHBOUR_ADVERTISEMENT = 136;
    private static final int REDIRECT = 137;

    // RFC 2131, 4.1, and RFC 8415, 7.2
    private static final int DHCP_SERVER = 67;
    private static final int DHCPV6_SERVER = 547;

    private static final List<String> IPV4_TO_MANY = List.of("224.0.0.0/4", "255.255.255.255");
    private static final String IPV6_TO_MANY = "ff00::/8";

    private final Lab lab;
    private final Network network;
    private final Switching switching;
    private final Lab.Guards wanted;

    private Guards(Lab lab, Network network, Switching switching, Lab.Guards wanted) {
        this.lab = lab;
        this.network = network;
        this.switching = switching;
        this.wanted = wanted;
    }

    /** @return by the node of the switch; none if no node is in several groups and the file does not ask for any */
    static Map<String, List<Policy>> of(Lab lab, Network network, Switching switching) {
        boolean shared = lab.nodes().keySet().stream()
                .anyMatch(node -> VlanPlan.groupsOf(lab, node).size() > 1);
        Lab.Guards wanted = lab.guards().orElse(shared ? Lab.Guards.ALL : Lab.Guards.NONE);
        return new Guards(lab, network, switching, wanted).policies();
    }

    /**
     * The hardware address of a member of several groups: locally administered, always the same, so that rules can name it.
     *
     * @param lab name of the lab
     */
    static MacAddress mac(String lab, Place place) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest((lab + "/" + place).getBytes(StandardCharsets.UTF_8));
            byte[] octets = Arrays.copyOf(hash, MacAddress.LENGTH);
            // IEEE 802, 8.4: not a group address, locally administered.
            octets[0] = (byte) (octets[0] & 0xfc | 0x02);
            return MacAddress.of(octets);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private Map<String, List<Policy>> policies() {
        Map<String, List<Policy>> policies = new LinkedHashMap<>();
        for (String name : switching.groupSwitches()) {
            Lab.Switch at = lab.switches().get(name);
            List<Rule> rules = rules(at);
            if (!rules.isEmpty()) {
                List<Policy> there = policies.computeIfAbsent(at.node().value(), any -> new ArrayList<>());
                there.add(new Policy(
                        there.isEmpty() ? NAME : NAME + "-" + (there.size() + 1),
                        Layer.LINK,
                        Optional.of(at.bridge().value()),
                        taggedPorts(at),
                        rules,
                        Map.of()));
            }
        }
        return policies;
    }

    private Set<InterfaceName> taggedPorts(Lab.Switch at) {
        Set<InterfaceName> tagged = new LinkedHashSet<>();
        network.nodes().get(at.node().value()).devices().values().forEach(device -> device.port()
                .filter(port -> port.bridge().equals(at.bridge().value()))
                .filter(port -> !isUntagged(port))
                .ifPresent(port -> tagged.add(device.name())));
        return tagged;
    }

    private static boolean isUntagged(Device.Port port) {
        return port.vlans().stream().allMatch(VlanEntry::untagged);
    }

    private List<Rule> rules(Lab.Switch at) {
        Map<Place, Optional<Place>> access = new LinkedHashMap<>(switching.accessPorts(at));
        access.keySet().removeIf(place -> network.device(place)
                .flatMap(Device::port)
                .filter(Guards::isUntagged)
                .isEmpty());
        List<String> rules = new ArrayList<>();
        if (wanted.tagged() && !access.isEmpty()) {
            rules.add("ingress in %s tagged drop"
                    .formatted(access.keySet().stream()
                            .map(place -> place.device().value())
                            .collect(joining(","))));
        }
        access.forEach((port, behind) -> behind.filter(
                        end -> VlanPlan.groupsOf(lab, end.node()).size() > 1)
                .flatMap(end -> member(port, end))
                .ifPresent(member -> {
                    if (wanted.spoofing()) {
                        if (!wanted.tagged()) {
                            // Not every tool sees behind one tag, and none behind two.
                            rules.add("ingress in %s tagged drop".formatted(port.device()));
                        }
                        rules.addAll(member.againstSpoofing());
                    }
                    if (wanted.relay()) {
                        rules.addAll(member.againstRelaying());
                    }
                }));
        return rules.stream().map(Rule::parse).toList();
    }

    private Optional<Member> member(Place port, Place end) {
        return network.device(end).flatMap(device -> mac(end).map(
                        mac -> new Member(port.device(), mac, List.copyOf(device.addresses()))));
    }

    /** A subinterface has its parent's address unless it is given another. */
    private Optional<MacAddress> mac(Place end) {
        Optional<Device> device = network.device(end);
        Optional<MacAddress> mac = device.flatMap(Device::mac);
        if (mac.isEmpty() && device.map(Device::kind).orElse(null) instanceof Device.Subinterface sub) {
            return mac(new Place(end.node(), sub.parent()));
        }
        return mac;
    }

    /** A member of several groups behind a port. */
    private record Member(InterfaceName port, MacAddress mac, List<IpPrefix> addresses) {

        private List<String> own(boolean ipv4) {
            return addresses.stream()
                    .filter(address -> address.isIpv4() == ipv4)
                    .map(address -> IpPrefix.text(address.address()))
                    .toList();
        }

        /** With the one that the kernel makes of the hardware address (RFC 4291, appendix A). */
        private List<String> ownIpv6() {
            Set<String> own = new LinkedHashSet<>(own(false));
            own.add(IpPrefix.text(linkLocal(mac)));
            return List.copyOf(own);
        }

        List<String> againstSpoofing() {
            List<String> rules = new ArrayList<>();
            rules.add("ingress in %s source-mac not %s drop".formatted(port, mac));
            rules.add("ingress in %s arp-source-mac not %s drop".formatted(port, mac));
            if (own(true).isEmpty()) {
                rules.add("ingress in %s arp drop".formatted(port));
                rules.add("ingress in %s ipv4 drop".formatted(port));
            } else {
                String own = String.join(",", own(true));
                rules.add("ingress in %s arp-source not %s drop".formatted(port, own));
                rules.add("ingress in %s source not %s drop".formatted(port, own));
                rules.add("ingress in %s ipv4 udp sport %d drop".formatted(port, DHCP_SERVER));
            }
            if (own(false).isEmpty()) {
                rules.add("ingress in %s ipv6 drop".formatted(port));
            } else {
                String own = String.join(",", ownIpv6());
                rules.add("ingress in %s source not ::,%s drop".formatted(port, own));
                // Who solicits asks for somebody else's address, but with the unspecified one as its source it claims
                // its own.
                rules.add("ingress in %s source :: icmpv6 type %d nd-target not %s drop"
                        .formatted(port, NEIGHBOUR_SOLICITATION, own));
                rules.add("ingress in %s icmpv6 type %d nd-target not %s drop"
                        .formatted(port, NEIGHBOUR_ADVERTISEMENT, own));
                rules.add("ingress in %s icmpv6 type %d,%d drop".formatted(port, ROUTER_ADVERTISEMENT, REDIRECT));
                rules.add("ingress in %s ipv6 udp sport %d drop".formatted(port, DHCPV6_SERVER));
            }
            return rules;
        }

        List<String> againstRelaying() {
            List<String> rules = new ArrayList<>();
            // Behind the tag that the bridge has taken off may be one of VLAN 0, which hosts read as none
            // (__netif_receive_skb_core in net/core/dev.c).
            rules.add("forward out %s tagged drop".formatted(port));
            if (own(true).isEmpty()) {
                rules.add("forward out %s ipv4 drop".formatted(port));
            } else {
                Set<String> meant = new LinkedHashSet<>(own(true));
                addresses.stream()
                        .filter(IpPrefix::isIpv4)
                        .map(Member::broadcast)
                        .forEach(meant::addAll);
                meant.addAll(IPV4_TO_MANY);
                rules.add("forward out %s destination not %s drop".formatted(port, String.join(",", meant)));
            }
            if (own(false).isEmpty()) {
                rules.add("forward out %s ipv6 drop".formatted(port));
            } else {
                rules.add("forward out %s destination not %s,%s drop"
                        .formatted(port, String.join(",", ownIpv6()), IPV6_TO_MANY));
            }
            return rules;
        }

        /** The address for all of its subnet (RFC 919, 7); none where that has no room for one (RFC 3021). */
        private static List<String> broadcast(IpPrefix address) {
            if (address.length() > 30) {
                return List.of();
            }
            byte[] octets = address.address().getAddress();
            for (int bit = address.length(); bit < octets.length * 8; bit++) {
                octets[bit / 8] |= (byte) (0x80 >> bit % 8);
            }
            return List.of(text(octets));
        }

        private static String text(byte[] octets) {
            try {
                return IpPrefix.text(InetAddress.getByAddress(octets));
            } catch (UnknownHostException e) {
                throw new IllegalStateException("neither 4 nor 16 octets", e);
            }
        }

        private static InetAddress linkLocal(MacAddress mac) {
            byte[] from = mac.octets();
            byte[] octets = new byte[16];
            octets[0] = (byte) 0xfe;
            octets[1] = (byte) 0x80;
            octets[8] = (byte) (from[0] ^ 0x02);
            octets[9] = from[1];
            octets[10] = from[2];
            octets[11] = (byte) 0xff;
            octets[12] = (byte) 0xfe;
            octets[13] = from[3];
            octets[14] = from[4];
            octets[15] = from[5];
            try {
                return InetAddress.getByAddress(octets);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("16 octets", e);
            }
        }
    }
}
