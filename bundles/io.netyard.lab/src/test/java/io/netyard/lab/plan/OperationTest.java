package io.netyard.lab.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.link.MacvlanMode;
import io.netyard.api.routing.Route;
import io.netyard.api.routing.SysctlName;
import io.netyard.lab.network.Device.Macvlan;
import io.netyard.lab.network.Place;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OperationTest {

    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");

    private static Place place(String node, String device) {
        return new Place(node, new InterfaceName(device));
    }

    @Test
    void saysOfACableWhereItsFirstEndIs() {
        Operation cable = new Operation.CreateVeth(
                place("a", "eth0"), Optional.of(MAC), place("b", "eth1"), Optional.empty(), Optional.of(new Mtu(9000)));
        assertThat(cable.operation()).isEqualTo("create-veth");
        assertThat(cable.node()).isEqualTo("a");
        assertThat(cable.device()).contains(new InterfaceName("eth0"));
        assertThat(cable.command())
                .isEqualTo(
                        "ip -n a link add name eth0 address 02:00:00:00:00:01 mtu 9000 type veth peer name eth1 mtu 9000 netns b");
    }

    /** ip(8) knows no name for the namespace that it runs in. */
    @Test
    void commandsForTheHostNameNoNamespace() {
        assertThat(new Operation.SetUp(place("host", "out"), true).command()).isEqualTo("ip link set dev out up");
        assertThat(new Operation.AddRoute("host", Route.parse("10.0.0.0/8 via 10.1.0.1")).command())
                .isEqualTo("ip route add 10.0.0.0/8 via 10.1.0.1");
        assertThat(new Operation.CreateVeth(
                                place("a", "up"),
                                Optional.empty(),
                                place("host", "out"),
                                Optional.empty(),
                                Optional.empty())
                        .command())
                .isEqualTo("ip -n a link add name up type veth peer name out netns $$");
        assertThat(new Operation.CreateMacvlan(
                                place("a", "mv"),
                                new Macvlan(place("host", "eth0"), MacvlanMode.BRIDGE),
                                Optional.of(MAC))
                        .command())
                .isEqualTo("ip link add link eth0 name mv address 02:00:00:00:00:01 netns a type macvlan mode bridge");
    }

    @Test
    void whatAnOperationSetsIsInItsCommand() {
        assertThat(new Operation.CreateTap(place("a", "tap0"), Optional.of(MAC)).command())
                .isEqualTo(
                        "ip -n a tuntap add dev tap0 mode tap && ip -n a link set dev tap0 address 02:00:00:00:00:01");
        assertThat(new Operation.SetSysctl("a", SysctlName.parse("net.ipv4.ip_local_port_range"), "1024 2048")
                        .command())
                .isEqualTo("ip netns exec a sysctl -q -w 'net.ipv4.ip_local_port_range=1024 2048'");
    }

    /** Scripts rely on these words: a class that gets another name needs its old word. */
    @Test
    void theWordsOfAllOperations() {
        assertThat(Arrays.stream(Operation.class.getDeclaredClasses())
                        .filter(Class::isRecord)
                        .map(Operation::operation))
                .containsExactlyInAnyOrder(
                        "add-address",
                        "add-port",
                        "add-route",
                        "add-vlans",
                        "attach-node",
                        "attach-tap-host",
                        "await-tree",
                        "create-bridge",
                        "create-macvlan",
                        "create-node",
                        "create-subinterface",
                        "create-tap",
                        "create-veth",
                        "delete-device",
                        "destroy-node",
                        "detach-node",
                        "detach-tap-host",
                        "give-back-card",
                        "lend-card",
                        "remove-address",
                        "remove-neighbour",
                        "remove-policy",
                        "remove-port",
                        "remove-route",
                        "remove-vlans",
                        "set-bridge-priority",
                        "set-default-pvid",
                        "set-filtering",
                        "set-forward-delay",
                        "set-mac",
                        "set-mtu",
                        "set-neighbour",
                        "set-policy",
                        "set-stp",
                        "set-sysctl",
                        "set-up");
    }
}
