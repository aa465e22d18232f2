package io.netyard.kernel.route;

import static io.netyard.kernel.route.Captured.assertEncodes;

import io.netyard.api.VlanId;
import org.junit.jupiter.api.Test;

/** What iproute2 6.1 puts on the wire for the same wish; taken from sendmsg(2) by strace. */
class BridgeVlanRequestsTest {

    private static final String SUBJECT = "a test";

    /** {@code bridge vlan add dev veth31 vid 10 pvid untagged} */
    @Test
    void pvidUntagged() {
        assertEncodes(
                """
                        2c000000 1300 0500 d254066b 00000000  # RTM_SETLINK, 44 bytes, flags 0x5, sequence, port
                        07 00 0000 05000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        0c00 1a00  # IFLA_AF_SPEC
                          0800 0200 0600 0a00  # IFLA_BRIDGE_VLAN_INFO VID 10 PVID UNTAGGED
                        """,
                BridgeVlanRequests.add(5, new VlanId(10), new VlanId(10), true, true, false, SUBJECT));
    }

    /** {@code bridge vlan add dev veth31 vid 20 untagged} */
    @Test
    void untagged() {
        assertEncodes(
                """
                        2c000000 1300 0500 d554066b 00000000  # RTM_SETLINK, 44 bytes, flags 0x5, sequence, port
                        07 00 0000 05000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        0c00 1a00  # IFLA_AF_SPEC
                          0800 0200 0400 1400  # IFLA_BRIDGE_VLAN_INFO VID 20 UNTAGGED
                        """,
                BridgeVlanRequests.add(5, new VlanId(20), new VlanId(20), false, true, false, SUBJECT));
    }

    /** {@code bridge vlan add dev veth31 vid 100-200} */
    @Test
    void range() {
        assertEncodes(
                """
                        34000000 1300 0500 d354066b 00000000  # RTM_SETLINK, 52 bytes, flags 0x5, sequence, port
                        07 00 0000 05000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        1400 1a00  # IFLA_AF_SPEC
                          0800 0200 0800 6400  # IFLA_BRIDGE_VLAN_INFO VID 100 RANGE_BEGIN
                          0800 0200 1000 c800  # IFLA_BRIDGE_VLAN_INFO VID 200 RANGE_END
                        """,
                BridgeVlanRequests.add(5, new VlanId(100), new VlanId(200), false, false, false, SUBJECT));
    }

    /** {@code bridge vlan add dev brx vid 10 self} */
    @Test
    void self() {
        assertEncodes(
                """
                        34000000 1300 0500 d654066b 00000000  # RTM_SETLINK, 52 bytes, flags 0x5, sequence, port
                        07 00 0000 07000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        1400 1a00  # IFLA_AF_SPEC
                          0600 0000 02000000  # IFLA_BRIDGE_FLAGS 2
                          0800 0200 0000 0a00  # IFLA_BRIDGE_VLAN_INFO VID 10
                        """,
                BridgeVlanRequests.add(7, new VlanId(10), new VlanId(10), false, false, true, SUBJECT));
    }

    /** {@code bridge vlan del dev veth31 vid 100-150} */
    @Test
    void removalOfARange() {
        assertEncodes(
                """
                        34000000 1100 0500 db54066b 00000000  # RTM_DELLINK, 52 bytes, flags 0x5, sequence, port
                        07 00 0000 05000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        1400 1a00  # IFLA_AF_SPEC
                          0800 0200 0800 6400  # IFLA_BRIDGE_VLAN_INFO VID 100 RANGE_BEGIN
                          0800 0200 1000 9600  # IFLA_BRIDGE_VLAN_INFO VID 150 RANGE_END
                        """,
                BridgeVlanRequests.remove(5, new VlanId(100), new VlanId(150), false, SUBJECT));
    }

    /** {@code bridge vlan del dev brx vid 10 self} */
    @Test
    void removalFromSelf() {
        assertEncodes(
                """
                        34000000 1100 0500 dc54066b 00000000  # RTM_DELLINK, 52 bytes, flags 0x5, sequence, port
                        07 00 0000 07000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        1400 1a00  # IFLA_AF_SPEC
                          0600 0000 02000000  # IFLA_BRIDGE_FLAGS 2
                          0800 0200 0000 0a00  # IFLA_BRIDGE_VLAN_INFO VID 10
                        """,
                BridgeVlanRequests.remove(7, new VlanId(10), new VlanId(10), true, SUBJECT));
    }

    /** {@code bridge -compressvlans vlan show} */
    @Test
    void dump() {
        assertEncodes(
                """
                        28000000 1200 0103 d954066b 00000000  # RTM_GETLINK, 40 bytes, flags 0x301, sequence, port
                        07 00 0000 00000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        0800 1d00 04000000  # IFLA_EXT_MASK 4
                        """,
                BridgeVlanRequests.dump(SUBJECT));
    }
}
