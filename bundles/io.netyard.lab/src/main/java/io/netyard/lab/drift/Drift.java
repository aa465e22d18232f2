package io.netyard.lab.drift;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.lab.Difference;
import io.netyard.api.lab.Difference.Kind;
import io.netyard.api.routing.Route;
import io.netyard.api.routing.SysctlName;
import io.netyard.lab.network.Device;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.StaticNeighbour;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One thing in which a network is not what it is meant to be. */
sealed interface Drift {

    Kind kind();

    String node();

    default Optional<InterfaceName> device() {
        return Optional.empty();
    }

    /** What differs, without where. */
    String text();

    /** As it is told. */
    default Difference told() {
        String where = device().map(name -> new Place(node(), name).toString()).orElse(node());
        return new Difference(node(), device(), kind(), where + ": " + text());
    }

    /** Something about one interface. */
    sealed interface OfInterface extends Drift {

        Place place();

        @Override
        default Kind kind() {
            return Kind.INTERFACE;
        }

        @Override
        default String node() {
            return place().node();
        }

        @Override
        default Optional<InterfaceName> device() {
            return Optional.of(place().device());
        }
    }

    /** @param attached whether others make its namespace; then that is there, and has nothing of the lab */
    record NodeGone(String node, boolean attached) implements Drift {
        @Override
        public Kind kind() {
            return Kind.NODE;
        }

        @Override
        public String text() {
            return attached ? "it is not wired" : "its namespace is gone";
        }
    }

    record NodeAdded(String node) implements Drift {
        @Override
        public Kind kind() {
            return Kind.NODE;
        }

        @Override
        public String text() {
            return "this node is not in the file";
        }
    }

    /** @param reason why it is not there */
    record NotThere(String node, String reason) implements Drift {
        @Override
        public Kind kind() {
            return Kind.NODE;
        }

        @Override
        public String text() {
            return "not there: " + reason;
        }
    }

    /** @param kept what the interface was meant to be */
    record InterfaceGone(Place place, Device kept) implements OfInterface {
        @Override
        public String text() {
            return "the interface is missing";
        }
    }

    record InterfaceAdded(Place place) implements OfInterface {
        @Override
        public String text() {
            return "the interface was added";
        }
    }

    record InterfaceReplaced(Place place, Device.Kind is, Device.Kind meant) implements OfInterface {
        @Override
        public String text() {
            return "it is %s, not %s".formatted(words(is), words(meant));
        }

        private static String words(Device.Kind kind) {
            if (kind instanceof Device.VethEnd end) {
                return "a cable to " + end.peer();
            }
            if (kind instanceof Device.Subinterface sub) {
                return "VLAN %s on %s".formatted(sub.vlan(), sub.parent());
            }
            if (kind instanceof Device.Macvlan on) {
                return "a macvlan on %s, mode %s".formatted(on.parent(), on.mode());
            }
            if (kind instanceof Device.Card card) {
                return "the host's " + card.hostInterface();
            }
            return kind instanceof Device.Tap ? "a tap" : "a bridge";
        }
    }

    record UpOrDown(Place place, boolean up) implements OfInterface {
        @Override
        public String text() {
            return up ? "up, not down" : "down, not up";
        }
    }

    record OtherMtu(Place place, Optional<Mtu> is, Mtu meant) implements OfInterface {
        @Override
        public String text() {
            return "MTU is %s, not %s".formatted(is.map(Mtu::toString).orElse("unknown"), meant);
        }
    }

    record OtherMac(Place place, Optional<MacAddress> is, MacAddress meant) implements OfInterface {
        @Override
        public String text() {
            return "MAC address is %s, not %s"
                    .formatted(is.map(MacAddress::toString).orElse("unknown"), meant);
        }
    }

    record OtherBridge(Place place, Optional<InterfaceName> is, Optional<InterfaceName> meant) implements OfInterface {
        @Override
        public String text() {
            return "port of %s, not of %s".formatted(words(is), words(meant));
        }

        private static String words(Optional<InterfaceName> bridge) {
            return bridge.map(name -> "bridge " + name).orElse("no bridge");
        }
    }

    record AddressGone(Place place, IpPrefix address) implements OfInterface {
        @Override
        public Kind kind() {
            return Kind.ADDRESS;
        }

        @Override
        public String text() {
            return "address %s is missing".formatted(address);
        }
    }

    record AddressAdded(Place place, IpPrefix address) implements OfInterface {
        @Override
        public Kind kind() {
            return Kind.ADDRESS;
        }

        @Override
        public String text() {
            return "address %s was added".formatted(address);
        }
    }

    /**
     * Consecutive entries of a VLAN table that differ in the same way.
     *
     * @param self whether it is the bridge's own table
     * @param is flags; empty if they are not there
     * @param meant flags; empty if they are not meant to be there
     * @param table the whole table as it is
     */
    record Vlans(
            Place place,
            boolean self,
            VlanId first,
            VlanId last,
            Optional<String> is,
            Optional<String> meant,
            List<VlanEntry> table)
            implements OfInterface {
        @Override
        public Kind kind() {
            return Kind.VLAN;
        }

        @Override
        public String text() {
            boolean one = first.equals(last);
            String vlans = one ? "VLAN " + first : "VLANs %s-%s".formatted(first, last);
            if (is.isEmpty()) {
                return "%s (%s) %s missing".formatted(vlans, meant.orElseThrow(), one ? "is" : "are");
            }
            return meant.map(flags -> "%s %s %s, not %s".formatted(vlans, one ? "is" : "are", is.orElseThrow(), flags))
                    .orElseGet(() -> "%s (%s) %s added".formatted(vlans, is.orElseThrow(), one ? "was" : "were"));
        }
    }

    /** @param key as the lab file has it */
    record BridgeSetting(Place place, String key, String is, String meant) implements OfInterface {
        @Override
        public Kind kind() {
            return Kind.BRIDGE;
        }

        @Override
        public String text() {
            return "%s is %s, not %s".formatted(key, is, meant);
        }
    }

    /** @param is empty if there is no such parameter */
    record Sysctl(String node, SysctlName name, Optional<String> is, String meant) implements Drift {
        @Override
        public Kind kind() {
            return Kind.SYSCTL;
        }

        @Override
        public String text() {
            return "%s is %s, not %s".formatted(name, is.orElse("not there"), meant);
        }
    }

    record RouteGone(String node, Route route) implements Drift {
        @Override
        public Kind kind() {
            return Kind.ROUTE;
        }

        @Override
        public String text() {
            return "route %s is missing".formatted(route);
        }
    }

    record RouteAdded(String node, Route route) implements Drift {
        @Override
        public Kind kind() {
            return Kind.ROUTE;
        }

        @Override
        public String text() {
            return "route %s was added".formatted(route);
        }
    }

    record NeighbourGone(String node, StaticNeighbour neighbour) implements Drift {
        @Override
        public Kind kind() {
            return Kind.NEIGHBOUR;
        }

        @Override
        public String text() {
            return "neighbour %s is missing".formatted(neighbour);
        }
    }

    /** Also one whose MAC address is another one. @param meant empty if nobody wants that neighbour */
    record NeighbourSet(String node, StaticNeighbour is, Optional<MacAddress> meant) implements Drift {
        @Override
        public Kind kind() {
            return Kind.NEIGHBOUR;
        }

        @Override
        public String text() {
            return "neighbour %s %s"
                    .formatted(
                            is,
                            meant.map(mac -> "was changed, it is meant to be at " + mac)
                                    .orElse("was added"));
        }
    }

    enum PolicyState {
        BROKEN("is not in force: its rules are missing or were changed"),
        OTHER("is another one than the lab's"),
        ADDED("was added");

        private final String words;

        PolicyState(String words) {
            this.words = words;
        }
    }

    record OtherPolicy(String node, String policy, PolicyState is) implements Drift {
        @Override
        public Kind kind() {
            return Kind.POLICY;
        }

        @Override
        public String text() {
            return "policy %s %s".formatted(policy, is.words);
        }
    }

    record OtherTapHost(Place place, List<InetAddress> is, List<InetAddress> meant) implements OfInterface {
        @Override
        public Kind kind() {
            return Kind.TAP_HOST;
        }

        @Override
        public String text() {
            return "%s behind it, not %s".formatted(words(is), words(meant));
        }

        private static String words(List<InetAddress> addresses) {
            return addresses.isEmpty()
                    ? "no host"
                    : "a host with " + addresses.stream().map(IpPrefix::text).collect(Collectors.joining(" "));
        }
    }

    /** @param step of the plan that repairs what is known to differ and not what it is */
    record Unnamed(String step) implements Drift {
        @Override
        public Kind kind() {
            return Kind.NODE;
        }

        @Override
        public String node() {
            return "lab";
        }

        @Override
        public String text() {
            return "it takes a step to be as it is meant: " + step;
        }
    }
}
