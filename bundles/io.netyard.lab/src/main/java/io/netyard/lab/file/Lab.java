package io.netyard.lab.file;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.firewall.Action;
import io.netyard.api.firewall.Point;
import io.netyard.api.lab.Check.Connection;
import io.netyard.api.lab.Check.Identity;
import io.netyard.api.lab.Sight;
import io.netyard.api.link.MacvlanMode;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.routing.Route;
import io.netyard.api.routing.SysctlName;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Place;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a lab file says at one stage, word for word: each value is valid by itself, what they mean together is open.
 *
 * @param ipv6 whether the nodes that it makes speak IPv6; empty if that follows from what else is said
 */
record Lab(
        Map<String, Node> nodes,
        Map<String, Switch> switches,
        Map<String, Link> links,
        Map<String, Group> groups,
        Optional<Guards> guards,
        boolean allowLoops,
        Optional<Boolean> ipv6,
        Map<String, Target> targets,
        Optional<List<Expect>> expect) {

    /**
     * @param attach what others have made and the lab uses as this node; then {@code holder} means nothing
     * @param vlan VID that it has for itself if it is a member of several groups; empty leaves it to be found
     * @param forwarding whether it routes packets of others, IPv4 and IPv6; empty leaves it as the kernel has it
     */
    record Node(
            At<String> name,
            String holder,
            Optional<At<ForeignNamespace>> attach,
            Optional<At<VlanId>> vlan,
            Map<InterfaceName, Interface> interfaces,
            Optional<Boolean> forwarding,
            Map<SysctlName, Sysctl> sysctls,
            List<At<Route>> routes,
            List<Neighbour> neighbours,
            Optional<Rules> firewall,
            Optional<Rules> nat) {

        /** Whether the lab makes and ends it; else it adds to what others have, the host's included. */
        boolean isMade() {
            return attach.isEmpty() && !name.value().equals(io.netyard.lab.network.Node.HOST);
        }
    }

    record Sysctl(At<SysctlName> name, String value) {}

    record Neighbour(At<InterfaceName> device, InetAddress address, MacAddress mac) {}

    /**
     * Rules of a firewall or of NAT.
     *
     * @param texts in the words of {@link io.netyard.api.firewall.Rule}, where nodes, groups and targets may stand for addresses and ports
     * @param otherwise what becomes of the rest, by point
     * @param backend that is to enforce them; empty leaves the choice to the firewall
     */
    record Rules(List<At<String>> texts, Map<Point, Action> otherwise, Optional<String> backend, Position position) {}

    /**
     * What is to be guarded against.
     *
     * @param relay a member of several groups hands frames on from one to the other, or listens in between
     * @param spoofing a member of several groups speaks in the name of others
     * @param tagged a member tags its frames itself and so chooses their VLAN
     * @param backend that is to enforce it; empty leaves the choice to the firewall
     */
    record Guards(boolean relay, boolean spoofing, boolean tagged, Optional<String> backend) {

        static final Guards ALL = new Guards(true, true, true, Optional.empty());
        static final Guards NONE = new Guards(false, false, false, Optional.empty());
    }

    /**
     * @param parent with {@code vlan}: this is a subinterface of it
     * @param mtu empty if the file gives none
     */
    record Interface(
            At<InterfaceName> name,
            List<At<IpPrefix>> addresses,
            Optional<At<Mtu>> mtu,
            Optional<MacAddress> mac,
            boolean up,
            Optional<At<InterfaceName>> parent,
            Optional<At<VlanId>> vlan,
            Optional<Special> special) {

        static Interface plain(At<InterfaceName> name) {
            return new Interface(
                    name,
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /** An interface that neither a link nor a parent in the same node makes. */
    sealed interface Special {

        Position position();
    }

    /** @param hosts addresses of a simulated host behind it; empty leaves it to another program to hold the tap */
    record Tap(List<InetAddress> hosts, Position position) implements Special {}

    /** @param node of the parent; empty means the same node */
    record Macvlan(Optional<String> node, InterfaceName parent, MacvlanMode mode, Position position)
            implements Special {}

    /** @param hostInterface name of an interface of the host, which is lent to the lab */
    record Card(InterfaceName hostInterface, Position position) implements Special {}

    /**
     * @param vlanFiltering empty leaves it to what else is said
     * @param self the bridge's own VLAN table; empty leaves it to what else is said
     * @param existing the host has this bridge already
     */
    record Switch(
            At<String> name,
            At<String> node,
            At<InterfaceName> bridge,
            Optional<Boolean> vlanFiltering,
            int defaultPvid,
            boolean up,
            Optional<Mtu> mtu,
            List<At<IpPrefix>> addresses,
            Optional<List<VlanEntry>> self,
            boolean existing,
            Device.Stp stp,
            Optional<Rules> firewall,
            Map<InterfaceName, Port> ports) {}

    /**
     * @param vlans empty leaves it to {@code carries}, the switch and the groups
     * @param carries the one group, or the one member of several groups, whose frames go through the port
     */
    record Port(At<InterfaceName> name, Optional<List<VlanEntry>> vlans, Optional<At<String>> carries) {

        static Port plain(At<InterfaceName> name) {
            return new Port(name, Optional.empty(), Optional.empty());
        }
    }

    record Link(At<String> name, List<Endpoint> endpoints, Optional<Mtu> mtu) {}

    /**
     * @param owner a node or a switch
     * @param device empty if Netyard is to choose a name
     */
    record Endpoint(String owner, Optional<InterfaceName> device, Position position) {}

    /** @param vlans what stands for {@code vlan} on single switches, by the switch's name */
    record Group(At<String> name, Optional<At<VlanId>> vlan, Map<String, SwitchVlan> vlans, List<At<String>> members) {}

    record SwitchVlan(At<String> atSwitch, At<VlanId> vlan) {}

    /**
     * A name for an address.
     *
     * @param port where a connection goes that names none
     * @param server where connections to it arrive; empty for the node that has the address
     */
    record Target(At<String> name, InetAddress address, OptionalInt port, Optional<At<Server>> server) {}

    /** @param port empty for the one that is asked for */
    record Server(String node, OptionalInt port) {}

    /** What is promised together, and told in the order of these fields. */
    record Expect(
            Pairs ping,
            List<At<String>> vlans,
            Pairs arp,
            List<Probe> broadcast,
            List<Probe> see,
            List<Probe> trace,
            List<Probe> tagged,
            List<Neighbours> neighbours,
            List<TcpAttempt> tcp) {}

    record Pairs(List<At<String>> reach, List<At<String>> isolated) {}

    /**
     * One frame, or one request with its answer.
     *
     * @param what who sends it, and to whom if it is to one
     * @param tags as it is sent, outer one first
     * @param answered whether an answer must come back
     */
    record Probe(At<String> what, List<Integer> tags, boolean answered, List<Spot> spots) {}

    /** @param reply the same as {@code request} unless the file tells them apart */
    record Spot(At<Place> at, Outlook request, Outlook reply) {}

    /** @param sight empty if nothing must be seen */
    record Outlook(Optional<Sight> sight) {}

    record Neighbours(At<String> node, InetAddress address, Identity identity) {}

    record TcpAttempt(At<String> pair, Connection connection, Optional<InetAddress> peer) {}
}
