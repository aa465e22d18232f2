package io.netyard.lab.plan;

import static io.netyard.api.Text.shellWord;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.Text;
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
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One step of a plan: knows itself as a sentence, as the command of a common tool, as a change of the kernel and as a change of a
 * sketch.
 */
sealed interface Operation {

    /** The node that it is about. */
    String node();

    /** The interface that it is about, if it is about one: of a cable the first end. */
    default Optional<InterfaceName> device() {
        return Optional.empty();
    }

    /** What kind of step it is, in a word that scripts may rely on: {@code create-veth}. */
    default String operation() {
        return operation(getClass());
    }

    static String operation(Class<?> type) {
        return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** What happens, for people: begins with a verb, no full stop. */
    String sentence();

    /** The line that does the same where the namespaces have names ({@code ip netns}). For reading, never run. */
    String command();

    /** Makes it so. Throws a {@link io.netyard.api.NetyardException} if the kernel refuses. */
    void run(Kernel kernel);

    /** What it leaves behind. */
    void draw(Sketch sketch);

    /** One that is about an interface. */
    sealed interface OfDevice extends Operation {

        /** The interface. */
        Place place();

        @Override
        default String node() {
            return place().node();
        }

        @Override
        default Optional<InterfaceName> device() {
            return Optional.of(place().device());
        }
    }

    /** @param ipv6 false if IPv6 is switched off in it before it has an interface */
    record CreateNode(String node, String holder, boolean ipv6) implements Operation {

        @Override
        public String sentence() {
            return "create namespace %s (holder %s%s)".formatted(node, holder, ipv6 ? "" : ", without IPv6");
        }

        @Override
        public String command() {
            String quiet = "ip netns exec %s sysctl -w %s=1 && ".formatted(shellWord(node), Node.NO_IPV6);
            return "ip netns add %1$s && %2$sip -n %1$s link set dev lo up"
                    .formatted(shellWord(node), ipv6 ? "" : quiet);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.create(node, holder, ipv6);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.addNode(node, new Node.Made(holder));
            if (!ipv6) {
                sketch.setSysctl(node, Node.NO_IPV6, "1");
            }
        }
    }

    record DestroyNode(String node) implements Operation {

        @Override
        public String sentence() {
            return "destroy namespace " + node;
        }

        @Override
        public String command() {
            return "ip netns delete " + shellWord(node);
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
                return "touch /run/netns/%1$s && mount --bind %2$s /run/netns/%1$s"
                        .formatted(shellWord(node), shellWord(mount.path().toString()));
            }
            return what instanceof ForeignNamespace.Process process
                    ? "ip netns attach %s %d".formatted(shellWord(node), process.pid())
                    : "ip netns attach %s PID  # of the first process of %s"
                            .formatted(shellWord(node), Text.printable(what.toString()));
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
            return "ip netns delete " + shellWord(node);
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
            implements OfDevice {

        @Override
        public Place place() {
            return a;
        }

        @Override
        public String sentence() {
            return "lay a cable %s - %s".formatted(a, b);
        }

        @Override
        public String command() {
            // What the kernel chooses by itself (RFC 894) need not be said.
            String size = mtu.filter(bytes -> bytes.bytes() != 1_500)
                    .map(bytes -> " mtu " + bytes)
                    .orElse("");
            return "%s link add name %s%s%s type veth peer name %s%s%s%s"
                    .formatted(
                            ip(a.node()),
                            word(a),
                            address(macA),
                            size,
                            word(b),
                            address(macB),
                            size,
                            a.node().equals(b.node()) ? "" : " netns " + namespace(b.node()));
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

    record CreateSubinterface(Place place, Subinterface kind) implements OfDevice {

        @Override
        public String sentence() {
            return "create subinterface %s for VLAN %s of %s".formatted(place, kind.vlan(), kind.parent());
        }

        @Override
        public String command() {
            return "%s link add link %s name %s type vlan id %s"
                    .formatted(ip(place.node()), word(kind.parent()), word(place), kind.vlan());
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
    record CreateBridge(Place place, Bridge kind) implements OfDevice {

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
            String filtering = kind.vlanFiltering() ? " vlan_filtering 1" : "";
            String pvid = kind.defaultPvid() == 1 ? "" : " vlan_default_pvid " + kind.defaultPvid();
            return "%s link add name %s type bridge%s%s".formatted(ip(place.node()), word(place), filtering, pvid);
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

    record DeleteDevice(Place place) implements OfDevice {

        @Override
        public String sentence() {
            return "delete " + place;
        }

        @Override
        public String command() {
            return ipLink(place, "delete", "");
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

    record SetUp(Place place, boolean up) implements OfDevice {

        @Override
        public String sentence() {
            return "%s %s".formatted(up ? "bring up" : "take down", place);
        }

        @Override
        public String command() {
            return ipLink(place, "set", up ? "up" : "down");
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

    record SetMtu(Place place, Mtu mtu) implements OfDevice {

        @Override
        public String sentence() {
            return "set the MTU of %s to %s".formatted(place, mtu);
        }

        @Override
        public String command() {
            return ipLink(place, "set", "mtu " + mtu);
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

    record SetMac(Place place, MacAddress mac) implements OfDevice {

        @Override
        public String sentence() {
            return "set the MAC address of %s to %s".formatted(place, mac);
        }

        @Override
        public String command() {
            return ipLink(place, "set", "address " + mac);
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

    record AddAddress(Place place, IpPrefix address) implements OfDevice {

        @Override
        public String sentence() {
            return "add address %s to %s".formatted(address, place);
        }

        @Override
        public String command() {
            return "%s address add %s dev %s%s"
                    .formatted(ip(place.node()), address, word(place), address.isIpv4() ? "" : " nodad");
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

    record RemoveAddress(Place place, IpPrefix address) implements OfDevice {

        @Override
        public String sentence() {
            return "remove address %s from %s".formatted(address, place);
        }

        @Override
        public String command() {
            return "%s address delete %s dev %s".formatted(ip(place.node()), address, word(place));
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

    record AddPort(Place place, InterfaceName bridge) implements OfDevice {

        @Override
        public String sentence() {
            return "make %s a port of %s".formatted(place, bridge);
        }

        @Override
        public String command() {
            return ipLink(place, "set", "master " + word(bridge));
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

    record RemovePort(Place place) implements OfDevice {

        @Override
        public String sentence() {
            return "take %s out of its bridge".formatted(place);
        }

        @Override
        public String command() {
            return ipLink(place, "set", "nomaster");
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
            implements OfDevice {

        @Override
        public String sentence() {
            String flags = pvid ? untagged ? "PVID, untagged" : "PVID, tagged" : untagged ? "untagged" : "tagged";
            return "admit VID %s to %s (%s)".formatted(range(first, last), place, flags);
        }

        @Override
        public String command() {
            return "%s vlan add dev %s vid %s%s%s%s"
                    .formatted(
                            tool("bridge", place.node()),
                            word(place),
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

    record RemoveVlans(Place place, boolean self, VlanId first, VlanId last) implements OfDevice {

        @Override
        public String sentence() {
            return "bar VID %s from %s".formatted(range(first, last), place);
        }

        @Override
        public String command() {
            return "%s vlan delete dev %s vid %s%s"
                    .formatted(tool("bridge", place.node()), word(place), range(first, last), self ? " self" : "");
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

    record SetFiltering(Place place, boolean on) implements OfDevice {

        @Override
        public String sentence() {
            return "switch VLAN filtering of %s %s".formatted(place, on ? "on" : "off");
        }

        @Override
        public String command() {
            return ipLink(place, "set", "type bridge vlan_filtering " + (on ? 1 : 0));
        }

        @Override
        public void run(Kernel kernel) {
            kernel.bridges().setVlanFiltering(kernel.netns(place), place.device(), on);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setFiltering(place, on);
        }
    }

    record SetDefaultPvid(Place place, int defaultPvid) implements OfDevice {

        @Override
        public String sentence() {
            return "set the default PVID of %s to %s"
                    .formatted(place, defaultPvid == 0 ? "none" : Integer.toString(defaultPvid));
        }

        @Override
        public String command() {
            return ipLink(place, "set", "type bridge vlan_default_pvid " + defaultPvid);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.bridges().setDefaultPvid(kernel.netns(place), place.device(), defaultPvid);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setDefaultPvid(place, defaultPvid);
        }
    }

    record SetStp(Place place, boolean on) implements OfDevice {

        @Override
        public String sentence() {
            return "switch the spanning tree protocol of %s %s".formatted(place, on ? "on" : "off");
        }

        @Override
        public String command() {
            return ipLink(place, "set", "type bridge stp_state " + (on ? 1 : 0));
        }

        @Override
        public void run(Kernel kernel) {
            kernel.bridges().setStp(kernel.netns(place), place.device(), on);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setStp(place, had -> new Stp(on, had.forwardDelay(), had.priority()));
        }
    }

    record SetForwardDelay(Place place, Duration delay) implements OfDevice {

        @Override
        public String sentence() {
            return "set the forward delay of %s to %d s".formatted(place, delay.toSeconds());
        }

        /** In hundredths of a second. */
        @Override
        public String command() {
            return ipLink(place, "set", "type bridge forward_delay " + delay.toMillis() / 10);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.bridges().setForwardDelay(kernel.netns(place), place.device(), delay);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setStp(place, had -> new Stp(had.on(), delay, had.priority()));
        }
    }

    record SetBridgePriority(Place place, int priority) implements OfDevice {

        @Override
        public String sentence() {
            return "set the bridge priority of %s to %d".formatted(place, priority);
        }

        @Override
        public String command() {
            return ipLink(place, "set", "type bridge priority " + priority);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.bridges().setPriority(kernel.netns(place), place.device(), priority);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setStp(place, had -> new Stp(had.on(), had.forwardDelay(), priority));
        }
    }

    /**
     * Until then nothing goes through the ports that have just come up.
     *
     * @param delay the bridge's forward delay
     */
    record AwaitTree(Place place, Duration delay) implements OfDevice {

        @Override
        public String sentence() {
            return "wait until the spanning tree has decided about the ports of %s, up to %d s"
                    .formatted(place, patience().toSeconds());
        }

        @Override
        public String command() {
            return "while %s link show | grep -F %s | grep -E 'state (listening|learning)' >/dev/null; do sleep 0.1; done"
                    .formatted(tool("bridge", place.node()), shellWord(" master " + place.device() + " "));
        }

        /** A port listens and learns, and is told between these when there is news of a better tree. */
        private Duration patience() {
            return delay.multipliedBy(2).plus(SETTLING);
        }

        @Override
        public void run(Kernel kernel) {
            kernel.awaitTree(place, patience());
        }

        @Override
        public void draw(Sketch sketch) {
            // Nothing of what is planned changes.
        }
    }

    /** More than the two seconds between two messages of a bridge (hello time, IEEE 802.1D-1998, table 8-3). */
    Duration SETTLING = Duration.ofSeconds(3);

    record CreateTap(Place place, Optional<MacAddress> mac) implements OfDevice {

        @Override
        public String sentence() {
            return "create tap " + place;
        }

        @Override
        public String command() {
            String hardware = mac.map(bits -> " && " + ipLink(place, "set", "address " + bits))
                    .orElse("");
            return "%s tuntap add dev %s mode tap%s".formatted(ip(place.node()), word(place), hardware);
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

    record CreateMacvlan(Place place, Macvlan kind, Optional<MacAddress> mac) implements OfDevice {

        @Override
        public String sentence() {
            return "create macvlan %s on %s, mode %s".formatted(place, kind.parent(), kind.mode());
        }

        @Override
        public String command() {
            String hardware = mac.map(bits -> " address " + bits).orElse("");
            return "%s link add link %s name %s%s netns %s type macvlan mode %s"
                    .formatted(
                            ip(kind.parent().node()),
                            word(kind.parent()),
                            word(place),
                            hardware,
                            namespace(place.node()),
                            kind.mode());
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

    record LendCard(Place place, Card kind) implements OfDevice {

        @Override
        public String sentence() {
            return "hand the host's %s over to %s".formatted(kind.hostInterface(), place);
        }

        @Override
        public String command() {
            return "ip link set dev %s netns %s name %s"
                    .formatted(word(kind.hostInterface()), namespace(place.node()), word(place));
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

    record GiveBackCard(Place place, Card kind) implements OfDevice {

        @Override
        public String sentence() {
            return "give %s back to the host as %s".formatted(place, kind.hostInterface());
        }

        @Override
        public String command() {
            return ipLink(place, "set", "netns %s name %s".formatted(namespace(Node.HOST), word(kind.hostInterface())));
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
            String inside = node.equals(Node.HOST) ? "" : "ip netns exec " + shellWord(node) + " ";
            return inside + "sysctl -q -w " + shellWord(name + "=" + value);
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
            return ip(node) + " route add " + words(route);
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
            return ip(node) + " route delete " + words(route);
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
            return "%s neighbour replace %s lladdr %s dev %s nud permanent"
                    .formatted(ip(node), IpPrefix.text(neighbour.address()), neighbour.mac(), word(neighbour.device()));
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
            return "%s neighbour delete %s dev %s"
                    .formatted(ip(node), IpPrefix.text(neighbour.address()), word(neighbour.device()));
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

        /** Netyard's own: which tool's words they become is the backend's business, see {@link PolicyCommand}. */
        @Override
        public String command() {
            Policy policy = use.policy();
            StringBuilder words = new StringBuilder(
                    "# in Netyard: fw:policy %s %s --layer %s".formatted(node, policy.name(), policy.layer()));
            policy.bridge().ifPresent(bridge -> words.append(" --bridge ").append(word(bridge)));
            use.pin().ifPresent(backend -> words.append(" --pin ").append(backend));
            policy.otherwise().forEach((point, action) -> words.append(' ').append(shellWord(point + " " + action)));
            policy.rules().forEach(rule -> words.append(' ').append(shellWord(rule.toString())));
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
            return "# in Netyard: fw:policy %s %s --delete".formatted(node, policy);
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
    record AttachTapHost(Place place, List<InetAddress> addresses) implements OfDevice {

        @Override
        public String sentence() {
            return "put a host with %s behind %s".formatted(texts(), place);
        }

        @Override
        public String command() {
            return "# in Netyard: link:tap-host add %s %s".formatted(shellWord(place.toString()), texts());
        }

        private String texts() {
            return addresses.stream().map(IpPrefix::text).collect(Collectors.joining(" "));
        }

        @Override
        public void run(Kernel kernel) {
            kernel.tapHosts().attach(kernel.netns(place), place.device(), addresses);
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.setTapHost(place, addresses);
        }
    }

    record DetachTapHost(Place place) implements OfDevice {

        @Override
        public String sentence() {
            return "take the host behind %s away".formatted(place);
        }

        @Override
        public String command() {
            return "# in Netyard: link:tap-host del " + shellWord(place.toString());
        }

        @Override
        public void run(Kernel kernel) {
            kernel.tapHosts().detach(kernel.netns(place), place.device());
        }

        @Override
        public void draw(Sketch sketch) {
            sketch.removeTapHost(place);
        }
    }

    private static String ipLink(Place place, String verb, String what) {
        return "%s link %s dev %s%s".formatted(ip(place.node()), verb, word(place), what.isEmpty() ? "" : " " + what);
    }

    private static String ip(String node) {
        return tool("ip", node);
    }

    /** A tool of iproute2 that works in a node. */
    private static String tool(String name, String node) {
        return node.equals(Node.HOST) ? name : name + " -n " + shellWord(node);
    }

    /** A node for ip(8) to move something to. The host's is the one that the shell is in, which has that pid. */
    private static String namespace(String node) {
        return node.equals(Node.HOST) ? "$$" : shellWord(node);
    }

    private static String word(Place place) {
        return word(place.device());
    }

    private static String word(InterfaceName name) {
        return shellWord(name.value());
    }

    /** No part of a route has a blank in it. */
    private static String words(Route route) {
        return Stream.of(route.toString().split(" ")).map(Text::shellWord).collect(Collectors.joining(" "));
    }

    private static String range(VlanId first, VlanId last) {
        return first.equals(last) ? first.toString() : first + "-" + last;
    }
}
