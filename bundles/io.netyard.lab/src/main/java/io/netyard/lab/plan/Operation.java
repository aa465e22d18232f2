package io.netyard.lab.plan;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.VlanId;
import io.netyard.api.firewall.Policy;
import io.netyard.api.link.LinkEnd;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.routing.Route;
import io.netyard.api.routing.SysctlName;
import io.netyard.lab.network.Device.Bridge;
import io.netyard.lab.network.Device.Card;
import io.netyard.lab.network.Device.Macvlan;
import io.netyard.lab.network.Device.Stp;
import io.netyard.lab.network.Device.Subinterface;
import io.netyard.lab.network.Device.Tap;
import io.netyard.lab.network.Device.VethEnd;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.Place;
import io.netyard.lab.network.PolicyUse;
import io.netyard.lab.network.StaticNeighbour;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One step of a plan: knows itself as a sentence, as the command of a common tool, as a change of the kernel and as a change of a
 * sketch.
 */
sealed interface Operation {

    /** What happens, for people: begins with a verb, no full stop. */
    String sentence();

    /** The line that does the same where the namespaces have names ({@code ip netns}). For reading, never run. */
    String command();

    /** Makes it so. Throws a {@link io.netyard.api.NetyardException} if the kernel refuses. */
    void run(Kernel kernel);

    /** What it leaves behind. */
    void draw(Sketch sketch);

    record CreateNode(String node, String holder) implements Operation {

        @Override
        public String sentence() {
            return "create namespace %s (holder %s)".formatted(node, holder);
        }

        @Override
        public String command() {
            return "ip netns add %1$s && ip -n %1$s link set lo up".formatted(node);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.create(node, holder);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.addNode(node, new Node.Made(holder));
        }
    }

    record DestroyNode(String node) implements Operation {

        @Override
        public String sentence() {
            return "destroy namespace " + node;
        }

        @Override
        public String command() {
            return "ip netns delete " + node;
        }

        @Override
        public void run(Kernel kernel) {
            kernel.destroy(node);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.removeNode(node);
        }
    }

    /** @param what nobody but its owner makes or ends it */
    record AttachNode(String node, ForeignNamespace what) implements Operation {

        @Override
        public String sentence() {
            return "attach %s as node %s".formatted(what, node);
        }

        @Override
        public String command() {
            if (what instanceof ForeignNamespace.Mount mount) {
                return "touch /run/netns/%1$s && mount --bind %2$s /run/netns/%1$s".formatted(node, mount.path());
            }
            return what instanceof ForeignNamespace.Process process
                    ? "ip netns attach %s %d".formatted(node, process.pid())
                    : "ip netns attach %s PID  # of the first process of %s".formatted(node, what);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.attach(node, what);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.addNode(node, new Node.Attached(what));
        }
    }

    record DetachNode(String node, ForeignNamespace what) implements Operation {

        @Override
        public String sentence() {
            return "let go of node %s, which stays as it is (%s)".formatted(node, what);
        }

        /** For ip(8) the name is all there is to forget. */
        @Override
        public String command() {
            return "ip netns delete " + node;
        }

        @Override
        public void run(Kernel kernel) {
            kernel.detach(node);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.removeNode(node);
        }
    }

    /** @param mtu of both ends */
    record CreateVeth(Place a, Optional<MacAddress> macA, Place b, Optional<MacAddress> macB, Optional<Mtu> mtu)
            implements Operation {

        @Override
        public String sentence() {
            return "lay a cable %s - %s".formatted(a, b);
        }

        @Override
        public String command() {
            String size = mtu.map(bytes -> " mtu " + bytes).orElse("");
            return "ip -n %s link add %s%s%s type veth peer name %s%s%s netns %s"
                    .formatted(a.node(), a.device(), address(macA), size, b.device(), address(macB), size, b.node());
        }

        private static String address(Optional<MacAddress> mac) {
            return mac.map(bits -> " address " + bits).orElse("");
        }

        @Override
        public void run(Kernel kernel) {
            kernel.createVeth(this);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.add(a, new VethEnd(b), mtu);
            sketch.add(b, new VethEnd(a), mtu);
            macA.ifPresent(mac -> sketch.setMac(a, mac));
            macB.ifPresent(mac -> sketch.setMac(b, mac));
        }
    }

    record CreateSubinterface(Place place, Subinterface kind) implements Operation {

        @Override
        public String sentence() {
            return "create subinterface %s for VLAN %s of %s".formatted(place, kind.vlan(), kind.parent());
        }

        @Override
        public String command() {
            return "ip -n %s link add link %s name %s type vlan id %s"
                    .formatted(place.node(), kind.parent(), place.device(), kind.vlan());
        }

        @Override
        public void run(Kernel kernel) {
            kernel.links().createVlan(kernel.netns(place), kind.parent(), place.device(), kind.vlan(), kernel.lab());
        }

        @Override
        public void draw(Sketch sketch) {
            Optional<Mtu> parents =
                    sketch.device(new Place(place.node(), kind.parent())).flatMap(parent -> parent.mtu());
            sketch.add(place, kind, parents);
        }
    }

    /** @param kind its own VLAN table is the one that the kernel begins with */
    record CreateBridge(Place place, Bridge kind) implements Operation {

        @Override
        public String sentence() {
            return "create bridge %s, VLAN filtering %s, default PVID %s"
                    .formatted(
                            place,
                            kind.vlanFiltering() ? "on" : "off",
                            kind.defaultPvid() == 0 ? "none" : Integer.toString(kind.defaultPvid()));
        }

        @Override
        public String command() {
            return "ip -n %s link add %s type bridge vlan_filtering %d vlan_default_pvid %d"
                    .formatted(place.node(), place.device(), kind.vlanFiltering() ? 1 : 0, kind.defaultPvid());
        }

        @Override
        public void run(Kernel kernel) {
            kernel.createBridge(place, kind);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.add(place, kind, Optional.empty());
        }
    }

    record DeleteDevice(Place place) implements Operation {

        @Override
        public String sentence() {
            return "delete " + place;
        }

        @Override
        public String command() {
            return ipLink(place, "delete %s");
        }

        @Override
        public void run(Kernel kernel) {
            kernel.links().delete(kernel.netns(place), place.device());
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.removeDevice(place);
        }
    }

    record SetUp(Place place, boolean up) implements Operation {

        @Override
        public String sentence() {
            return "%s %s".formatted(up ? "bring up" : "take down", place);
        }

        @Override
        public String command() {
            return ipLink(place, "set %s " + (up ? "up" : "down"));
        }

        @Override
        public void run(Kernel kernel) {
            kernel.links().setUp(kernel.netns(place), place.device(), up);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setUp(place, up);
        }
    }

    record SetMtu(Place place, Mtu mtu) implements Operation {

        @Override
        public String sentence() {
            return "set the MTU of %s to %s".formatted(place, mtu);
        }

        @Override
        public String command() {
            return ipLink(place, "set %s mtu " + mtu);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.links().setMtu(kernel.netns(place), place.device(), mtu);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setMtu(place, mtu);
        }
    }

    record SetMac(Place place, MacAddress mac) implements Operation {

        @Override
        public String sentence() {
            return "set the MAC address of %s to %s".formatted(place, mac);
        }

        @Override
        public String command() {
            return ipLink(place, "set %s address " + mac);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.links().setMac(kernel.netns(place), place.device(), mac);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setMac(place, mac);
        }
    }

    record AddAddress(Place place, IpPrefix address) implements Operation {

        @Override
        public String sentence() {
            return "add address %s to %s".formatted(address, place);
        }

        @Override
        public String command() {
            return "ip -n %s address add %s dev %s%s"
                    .formatted(place.node(), address, place.device(), address.isIpv4() ? "" : " nodad");
        }

        @Override
        public void run(Kernel kernel) {
            kernel.links().addAddress(kernel.netns(place), place.device(), address);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.addAddress(place, address);
        }
    }

    record RemoveAddress(Place place, IpPrefix address) implements Operation {

        @Override
        public String sentence() {
            return "remove address %s from %s".formatted(address, place);
        }

        @Override
        public String command() {
            return "ip -n %s address delete %s dev %s".formatted(place.node(), address, place.device());
        }

        @Override
        public void run(Kernel kernel) {
            kernel.links().removeAddress(kernel.netns(place), place.device(), address);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.removeAddress(place, address);
        }
    }

    record AddPort(Place place, InterfaceName bridge) implements Operation {

        @Override
        public String sentence() {
            return "make %s a port of %s".formatted(place, bridge);
        }

        @Override
        public String command() {
            return ipLink(place, "set %s master " + bridge);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.bridges().addPort(kernel.netns(place), bridge, place.device());
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.addPort(place, bridge);
        }
    }

    record RemovePort(Place place) implements Operation {

        @Override
        public String sentence() {
            return "take %s out of its bridge".formatted(place);
        }

        @Override
        public String command() {
            return ipLink(place, "set %s nomaster");
        }

        @Override
        public void run(Kernel kernel) {
            kernel.bridges().removePort(kernel.netns(place), place.device());
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.removePort(place);
        }
    }

    /** @param self whether {@code place} is a bridge, whose own table is then meant */
    record AddVlans(Place place, boolean self, VlanId first, VlanId last, boolean pvid, boolean untagged)
            implements Operation {

        @Override
        public String sentence() {
            String flags = pvid ? untagged ? "PVID, untagged" : "PVID, tagged" : untagged ? "untagged" : "tagged";
            return "admit VID %s to %s (%s)".formatted(range(first, last), place, flags);
        }

        @Override
        public String command() {
            return "bridge -n %s vlan add dev %s vid %s%s%s%s"
                    .formatted(
                            place.node(),
                            place.device(),
                            range(first, last),
                            pvid ? " pvid" : "",
                            untagged ? " untagged" : "",
                            self ? " self" : "");
        }

        @Override
        public void run(Kernel kernel) {
            kernel.bridges().addVlans(kernel.netns(place), place.device(), first, last, pvid, untagged);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.addVlans(place, first.value(), last.value(), pvid, untagged);
        }
    }

    record RemoveVlans(Place place, boolean self, VlanId first, VlanId last) implements Operation {

        @Override
        public String sentence() {
            return "bar VID %s from %s".formatted(range(first, last), place);
        }

        @Override
        public String command() {
            return "bridge -n %s vlan delete dev %s vid %s%s"
                    .formatted(place.node(), place.device(), range(first, last), self ? " self" : "");
        }

        @Override
        public void run(Kernel kernel) {
            kernel.bridges().removeVlans(kernel.netns(place), place.device(), first, last);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.removeVlans(place, first.value(), last.value());
        }
    }

    record SetFiltering(Place bridge, boolean on) implements Operation {

        @Override
        public String sentence() {
            return "switch VLAN filtering of %s %s".formatted(bridge, on ? "on" : "off");
        }

        @Override
        public String command() {
            return ipLink(bridge, "set %s type bridge vlan_filtering " + (on ? 1 : 0));
        }

        @Override
        public void run(Kernel kernel) {
            kernel.bridges().setVlanFiltering(kernel.netns(bridge), bridge.device(), on);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setFiltering(bridge, on);
        }
    }

    record SetDefaultPvid(Place bridge, int defaultPvid) implements Operation {

        @Override
        public String sentence() {
            return "set the default PVID of %s to %s"
                    .formatted(bridge, defaultPvid == 0 ? "none" : Integer.toString(defaultPvid));
        }

        @Override
        public String command() {
            return ipLink(bridge, "set %s type bridge vlan_default_pvid " + defaultPvid);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.bridges().setDefaultPvid(kernel.netns(bridge), bridge.device(), defaultPvid);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setDefaultPvid(bridge, defaultPvid);
        }
    }

    record SetStp(Place bridge, boolean on) implements Operation {

        @Override
        public String sentence() {
            return "switch the spanning tree protocol of %s %s".formatted(bridge, on ? "on" : "off");
        }

        @Override
        public String command() {
            return ipLink(bridge, "set %s type bridge stp_state " + (on ? 1 : 0));
        }

        @Override
        public void run(Kernel kernel) {
            kernel.bridges().setStp(kernel.netns(bridge), bridge.device(), on);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setStp(bridge, had -> new Stp(on, had.forwardDelay(), had.priority()));
        }
    }

    record SetForwardDelay(Place bridge, Duration delay) implements Operation {

        @Override
        public String sentence() {
            return "set the forward delay of %s to %d s".formatted(bridge, delay.toSeconds());
        }

        /** In hundredths of a second. */
        @Override
        public String command() {
            return ipLink(bridge, "set %s type bridge forward_delay " + delay.toMillis() / 10);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.bridges().setForwardDelay(kernel.netns(bridge), bridge.device(), delay);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setStp(bridge, had -> new Stp(had.on(), delay, had.priority()));
        }
    }

    record SetBridgePriority(Place bridge, int priority) implements Operation {

        @Override
        public String sentence() {
            return "set the bridge priority of %s to %d".formatted(bridge, priority);
        }

        @Override
        public String command() {
            return ipLink(bridge, "set %s type bridge priority " + priority);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.bridges().setPriority(kernel.netns(bridge), bridge.device(), priority);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setStp(bridge, had -> new Stp(had.on(), had.forwardDelay(), priority));
        }
    }

    /**
     * Until then nothing goes through the ports that have just come up.
     *
     * @param delay the bridge's forward delay
     */
    record AwaitTree(Place bridge, Duration delay) implements Operation {

        @Override
        public String sentence() {
            return "wait until the spanning tree has decided about the ports of %s, up to %d s"
                    .formatted(bridge, patience().toSeconds());
        }

        @Override
        public String command() {
            return "until ! bridge -n %s link show | grep 'master %s ' | grep -qE 'state (listening|learning)'; do sleep 0.1; done"
                    .formatted(bridge.node(), bridge.device());
        }

        /** A port listens and learns, and is told between these when there is news of a better tree. */
        private Duration patience() {
            return delay.multipliedBy(2).plus(SETTLING);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.awaitTree(bridge, patience());
        }

        @Override
        public void draw(Sketch sketch) {
            // Nothing of what is planned changes.
        }
    }

    /** More than the two seconds between two messages of a bridge (hello time, IEEE 802.1D-1998, table 8-3). */
    Duration SETTLING = Duration.ofSeconds(3);

    record CreateTap(Place place, Optional<MacAddress> mac) implements Operation {

        @Override
        public String sentence() {
            return "create tap " + place;
        }

        @Override
        public String command() {
            return "ip -n %s tuntap add dev %s mode tap".formatted(place.node(), place.device());
        }

        @Override
        public void run(Kernel kernel) {
            kernel.links().createTap(kernel.netns(place), place.device(), mac, kernel.lab());
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.add(place, new Tap(), Optional.empty());
            mac.ifPresent(bits -> sketch.setMac(place, bits));
        }
    }

    record CreateMacvlan(Place place, Macvlan kind, Optional<MacAddress> mac) implements Operation {

        @Override
        public String sentence() {
            return "create macvlan %s on %s, mode %s".formatted(place, kind.parent(), kind.mode());
        }

        @Override
        public String command() {
            return "ip -n %s link add link %s name %s netns %s type macvlan mode %s"
                    .formatted(kind.parent().node(), kind.parent().device(), place.device(), place.node(), kind.mode());
        }

        @Override
        public void run(Kernel kernel) {
            kernel.links()
                    .createMacvlan(
                            kernel.netns(kind.parent()),
                            kind.parent().device(),
                            new LinkEnd(kernel.netns(place), place.device(), mac),
                            kind.mode(),
                            kernel.lab());
        }

        @Override
        public void draw(Sketch sketch) {
            Optional<Mtu> parents = sketch.device(kind.parent()).flatMap(parent -> parent.mtu());
            sketch.add(place, kind, parents);
            mac.ifPresent(bits -> sketch.setMac(place, bits));
        }
    }

    record LendCard(Place place, Card kind) implements Operation {

        @Override
        public String sentence() {
            return "hand the host's %s over to %s".formatted(kind.hostInterface(), place);
        }

        @Override
        public String command() {
            return "ip link set %s netns %s name %s".formatted(kind.hostInterface(), place.node(), place.device());
        }

        @Override
        public void run(Kernel kernel) {
            kernel.cards().lend(kind.hostInterface(), kernel.netns(place), place.device(), kernel.lab(), false);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.add(place, kind, Optional.empty());
        }
    }

    record GiveBackCard(Place place, Card kind) implements Operation {

        @Override
        public String sentence() {
            return "give %s back to the host as %s".formatted(place, kind.hostInterface());
        }

        @Override
        public String command() {
            return "ip -n %s link set %s netns 1 name %s".formatted(place.node(), place.device(), kind.hostInterface());
        }

        @Override
        public void run(Kernel kernel) {
            kernel.giveBack(kind.hostInterface());
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.removeDevice(place);
        }
    }

    record SetSysctl(String node, SysctlName name, String value) implements Operation {

        @Override
        public String sentence() {
            return "set %s of %s to %s".formatted(name, node, value);
        }

        @Override
        public String command() {
            return "ip netns exec %s sysctl -w %s=%s".formatted(node, name, value);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.routing().setSysctl(kernel.netns(node), name, value);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setSysctl(node, name, value);
        }
    }

    record AddRoute(String node, Route route) implements Operation {

        @Override
        public String sentence() {
            return "add route %s to %s".formatted(route, node);
        }

        @Override
        public String command() {
            return "ip -n %s route add %s".formatted(node, route);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.routing().addRoute(kernel.netns(node), route);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.addRoute(node, route);
        }
    }

    record RemoveRoute(String node, Route route) implements Operation {

        @Override
        public String sentence() {
            return "remove route %s from %s".formatted(route, node);
        }

        @Override
        public String command() {
            return "ip -n %s route delete %s".formatted(node, route);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.routing().removeRoute(kernel.netns(node), route);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.removeRoute(node, route);
        }
    }

    record SetNeighbour(String node, StaticNeighbour neighbour) implements Operation {

        @Override
        public String sentence() {
            return "set neighbour %s in %s".formatted(neighbour, node);
        }

        @Override
        public String command() {
            return "ip -n %s neighbour replace %s lladdr %s dev %s nud permanent"
                    .formatted(node, IpPrefix.text(neighbour.address()), neighbour.mac(), neighbour.device());
        }

        @Override
        public void run(Kernel kernel) {
            kernel.routing().setNeighbour(kernel.netns(node), neighbour.device(), neighbour.address(), neighbour.mac());
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setNeighbour(node, neighbour);
        }
    }

    record RemoveNeighbour(String node, StaticNeighbour neighbour) implements Operation {

        @Override
        public String sentence() {
            return "forget neighbour %s in %s".formatted(neighbour, node);
        }

        @Override
        public String command() {
            return "ip -n %s neighbour delete %s dev %s"
                    .formatted(node, IpPrefix.text(neighbour.address()), neighbour.device());
        }

        @Override
        public void run(Kernel kernel) {
            kernel.routing().removeNeighbour(kernel.netns(node), neighbour.device(), neighbour.address());
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.removeNeighbour(node, neighbour);
        }
    }

    record SetPolicy(String node, PolicyUse use) implements Operation {

        @Override
        public String sentence() {
            Policy policy = use.policy();
            return "put policy %s of %s in force (layer %s%s, %d %s%s)"
                    .formatted(
                            policy.name(),
                            node,
                            policy.layer(),
                            policy.bridge()
                                    .map(bridge -> " of bridge " + bridge)
                                    .orElse(""),
                            policy.rules().size(),
                            policy.rules().size() == 1 ? "rule" : "rules",
                            use.pin().map(backend -> ", by " + backend).orElse(""));
        }

        /** Netyard's own: which tool's words they become is the backend's business. */
        @Override
        public String command() {
            Policy policy = use.policy();
            StringBuilder words =
                    new StringBuilder("fw:policy %s %s --layer %s".formatted(node, policy.name(), policy.layer()));
            policy.bridge().ifPresent(bridge -> words.append(" --bridge ").append(bridge));
            use.pin().ifPresent(backend -> words.append(" --pin ").append(backend));
            policy.otherwise().forEach((point, action) -> words.append(" '%s %s'".formatted(point, action)));
            policy.rules().forEach(rule -> words.append(" '%s'".formatted(rule)));
            return words.toString();
        }

        @Override
        public void run(Kernel kernel) {
            kernel.firewall().set(kernel.netns(node), kernel.lab(), use.policy(), use.pin());
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setPolicy(node, use);
        }
    }

    record RemovePolicy(String node, String policy) implements Operation {

        @Override
        public String sentence() {
            return "take policy %s of %s away".formatted(policy, node);
        }

        @Override
        public String command() {
            return "fw:policy %s %s --delete".formatted(node, policy);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.firewall().remove(kernel.netns(node), policy);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.removePolicy(node, policy);
        }
    }

    /** @param addresses of the simulated host */
    record AttachTapHost(Place tap, List<InetAddress> addresses) implements Operation {

        @Override
        public String sentence() {
            return "put a host with %s behind %s".formatted(texts(), tap);
        }

        @Override
        public String command() {
            return "link:tap-host %s %s %s".formatted(tap.node(), tap.device(), texts());
        }

        private String texts() {
            return addresses.stream().map(IpPrefix::text).collect(Collectors.joining(" "));
        }

        @Override
        public void run(Kernel kernel) {
            kernel.tapHosts().attach(kernel.netns(tap), tap.device(), addresses);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setTapHost(tap, addresses);
        }
    }

    record DetachTapHost(Place tap) implements Operation {

        @Override
        public String sentence() {
            return "take the host behind %s away".formatted(tap);
        }

        @Override
        public String command() {
            return "link:tap-host %s %s --detach".formatted(tap.node(), tap.device());
        }

        @Override
        public void run(Kernel kernel) {
            kernel.tapHosts().detach(kernel.netns(tap), tap.device());
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.removeTapHost(tap);
        }
    }

    private static String ipLink(Place place, String what) {
        return "ip -n " + place.node() + " link " + what.formatted(place.device());
    }

    private static String range(VlanId first, VlanId last) {
        return first.equals(last) ? first.toString() : first + "-" + last;
    }
}
