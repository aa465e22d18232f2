package io.netyard.kernel.route;

import static io.netyard.kernel.route.Captured.assertEncodes;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.VlanId;
import io.netyard.api.link.MacvlanMode;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What iproute2 6.1 puts on the wire for the same wish; taken from sendmsg(2) by strace. */
class LinkRequestsTest {

    private static final String SUBJECT = "a test";

    /** {@code ip link add veth11 type veth peer name veth13 netns FD} */
    @Test
    void vethPairIsOneRequestWithThePeerAlreadyInItsNamespace() {
        assertEncodes(
                """
                        64000000 1000 0506 ba54066b 00000000  # RTM_NEWLINK, 100 bytes, flags 0x605, sequence, port
                        00 00 0000 00000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        0b00 0300 7665746831310000  # IFLA_IFNAME "veth11"
                        3800 1200  # IFLA_LINKINFO
                          0800 0100 76657468  # IFLA_INFO_KIND "veth"
                          2c00 0200  # IFLA_INFO_DATA
                            2800 0100  # VETH_INFO_PEER
                              00 00 0000 00000000 00000000 00000000  # struct ifinfomsg
                              0800 1c00 04000000  # IFLA_NET_NS_FD 4
                              0b00 0300 7665746831330000  # IFLA_IFNAME "veth13"
                        """,
                LinkRequests.createVeth(
                        new InterfaceName("veth11"),
                        Optional.empty(),
                        new InterfaceName("veth13"),
                        Optional.empty(),
                        4,
                        Optional.empty(),
                        SUBJECT));
    }

    /** {@code ip link add veth21 mtu 1400 address … type veth peer name veth23 mtu 1400 address … netns FD} */
    @Test
    void vethPairMayHaveMtuAndMacOfBothEnds() {
        assertEncodes(
                """
                        8c000000 1000 0506 bb54066b 00000000  # RTM_NEWLINK, 140 bytes, flags 0x605, sequence, port
                        00 00 0000 00000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        0800 0400 78050000  # IFLA_MTU 1400
                        0a00 0100 0200000000210000  # IFLA_ADDRESS 02:00:00:00:00:21
                        0b00 0300 7665746832310000  # IFLA_IFNAME "veth21"
                        4c00 1200  # IFLA_LINKINFO
                          0800 0100 76657468  # IFLA_INFO_KIND "veth"
                          4000 0200  # IFLA_INFO_DATA
                            3c00 0100  # VETH_INFO_PEER
                              00 00 0000 00000000 00000000 00000000  # struct ifinfomsg
                              0800 0400 78050000  # IFLA_MTU 1400
                              0a00 0100 0200000000230000  # IFLA_ADDRESS 02:00:00:00:00:23
                              0800 1c00 04000000  # IFLA_NET_NS_FD 4
                              0b00 0300 7665746832330000  # IFLA_IFNAME "veth23"
                        """,
                LinkRequests.createVeth(
                        new InterfaceName("veth21"),
                        Optional.of(MacAddress.parse("02:00:00:00:00:21")),
                        new InterfaceName("veth23"),
                        Optional.of(MacAddress.parse("02:00:00:00:00:23")),
                        4,
                        Optional.of(new Mtu(1400)),
                        SUBJECT));
    }

    /** {@code ip link add link veth11 name veth11.50 type vlan id 50} */
    @Test
    void vlanSubinterface() {
        assertEncodes(
                """
                        50000000 1000 0506 bc54066b 00000000  # RTM_NEWLINK, 80 bytes, flags 0x605, sequence, port
                        00 00 0000 00000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        0800 0500 02000000  # IFLA_LINK 2
                        0e00 0300 7665746831312e3530000000  # IFLA_IFNAME "veth11.50"
                        1800 1200  # IFLA_LINKINFO
                          0800 0100 766c616e  # IFLA_INFO_KIND "vlan"
                          0c00 0200  # IFLA_INFO_DATA
                            0600 0100 32000000  # IFLA_VLAN_ID 50
                        """,
                LinkRequests.createVlan(2, new InterfaceName("veth11.50"), new VlanId(50), SUBJECT));
    }

    /** {@code ip link add brx type bridge vlan_filtering 1 vlan_default_pvid 0} */
    @Test
    void bridgeWithFilteringAndWithoutDefaultPvid() {
        assertEncodes(
                """
                        4c000000 1000 0506 bd54066b 00000000  # RTM_NEWLINK, 76 bytes, flags 0x605, sequence, port
                        00 00 0000 00000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        0800 0300 62727800  # IFLA_IFNAME "brx"
                        2400 1200  # IFLA_LINKINFO
                          0a00 0100 6272696467650000  # IFLA_INFO_KIND "bridge"
                          1400 0200  # IFLA_INFO_DATA
                            0500 0700 01000000  # IFLA_BR_VLAN_FILTERING 1
                            0600 2700 00000000  # IFLA_BR_VLAN_DEFAULT_PVID 0
                        """,
                LinkRequests.createBridge(new InterfaceName("brx"), true, OptionalInt.of(0), SUBJECT));
    }

    /** {@code ip link set brx type bridge vlan_default_pvid 7} */
    @Test
    void defaultPvid() {
        assertEncodes(
                """
                        3c000000 1000 0500 be54066b 00000000  # RTM_NEWLINK, 60 bytes, flags 0x5, sequence, port
                        00 00 0000 07000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        1c00 1200  # IFLA_LINKINFO
                          0a00 0100 6272696467650000  # IFLA_INFO_KIND "bridge"
                          0c00 0200  # IFLA_INFO_DATA
                            0600 2700 07000000  # IFLA_BR_VLAN_DEFAULT_PVID 7
                        """,
                LinkRequests.setDefaultPvid(7, 7, SUBJECT));
    }

    /** {@code ip link set brx type bridge vlan_filtering 0} */
    @Test
    void vlanFilteringOff() {
        assertEncodes(
                """
                        3c000000 1000 0500 c054066b 00000000  # RTM_NEWLINK, 60 bytes, flags 0x5, sequence, port
                        00 00 0000 07000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        1c00 1200  # IFLA_LINKINFO
                          0a00 0100 6272696467650000  # IFLA_INFO_KIND "bridge"
                          0c00 0200  # IFLA_INFO_DATA
                            0500 0700 00000000  # IFLA_BR_VLAN_FILTERING 0
                        """,
                LinkRequests.setVlanFiltering(7, false, SUBJECT));
    }

    /** {@code ip link set brx type bridge vlan_filtering 1} */
    @Test
    void vlanFilteringOn() {
        assertEncodes(
                """
                        3c000000 1000 0500 c154066b 00000000  # RTM_NEWLINK, 60 bytes, flags 0x5, sequence, port
                        00 00 0000 07000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        1c00 1200  # IFLA_LINKINFO
                          0a00 0100 6272696467650000  # IFLA_INFO_KIND "bridge"
                          0c00 0200  # IFLA_INFO_DATA
                            0500 0700 01000000  # IFLA_BR_VLAN_FILTERING 1
                        """,
                LinkRequests.setVlanFiltering(7, true, SUBJECT));
    }

    /** {@code ip link set brx type bridge fdb_flush} */
    @Test
    void forwardingDatabaseFlush() {
        assertEncodes(
                """
                        38000000 1000 0500 e354066b 00000000  # RTM_NEWLINK, 56 bytes, flags 0x5, sequence, port
                        00 00 0000 07000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        1800 1200  # IFLA_LINKINFO
                          0a00 0100 6272696467650000  # IFLA_INFO_KIND "bridge"
                          0800 0200  # IFLA_INFO_DATA
                            0400 1500  # IFLA_BR_FDB_FLUSH
                        """,
                LinkRequests.flushFdb(7, SUBJECT));
    }

    /** {@code ip link set veth11 up} */
    @Test
    void up() {
        assertEncodes(
                """
                        20000000 1000 0500 c154066b 00000000  # RTM_NEWLINK, 32 bytes, flags 0x5, sequence, port
                        00 00 0000 02000000 01000000 01000000  # struct ifinfomsg: family, -, type, index, flags, change
                        """,
                LinkRequests.setUp(2, true, SUBJECT));
    }

    /** {@code ip link set veth11 down} */
    @Test
    void down() {
        assertEncodes(
                """
                        20000000 1000 0500 c254066b 00000000  # RTM_NEWLINK, 32 bytes, flags 0x5, sequence, port
                        00 00 0000 02000000 00000000 01000000  # struct ifinfomsg: family, -, type, index, flags, change
                        """,
                LinkRequests.setUp(2, false, SUBJECT));
    }

    /** {@code ip link set veth11 mtu 1400} */
    @Test
    void mtu() {
        assertEncodes(
                """
                        28000000 1000 0500 c354066b 00000000  # RTM_NEWLINK, 40 bytes, flags 0x5, sequence, port
                        00 00 0000 02000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        0800 0400 78050000  # IFLA_MTU 1400
                        """,
                LinkRequests.setMtu(2, new Mtu(1400), SUBJECT));
    }

    /** {@code ip link set veth11 address 02:00:00:00:00:11} */
    @Test
    void mac() {
        assertEncodes(
                """
                        2c000000 1000 0500 c554066b 00000000  # RTM_NEWLINK, 44 bytes, flags 0x5, sequence, port
                        00 00 0000 02000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        0a00 0100 0200000000110000  # IFLA_ADDRESS 02:00:00:00:00:11
                        """,
                LinkRequests.setMac(2, MacAddress.parse("02:00:00:00:00:11"), SUBJECT));
    }

    /** {@code ip link set veth11 alias netyard:demo} */
    @Test
    void alias() {
        assertEncodes(
                """
                        30000000 1000 0500 c854066b 00000000  # RTM_NEWLINK, 48 bytes, flags 0x5, sequence, port
                        00 00 0000 02000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        1000 1400 6e6574796172643a64656d6f  # IFLA_IFALIAS "netyard:demo"
                        """,
                LinkRequests.setAlias(2, OwnerAlias.of("demo"), SUBJECT));
    }

    /** {@code ip link set veth31 master brx} */
    @Test
    void controller() {
        assertEncodes(
                """
                        28000000 1000 0500 c754066b 00000000  # RTM_NEWLINK, 40 bytes, flags 0x5, sequence, port
                        00 00 0000 05000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        0800 0a00 07000000  # IFLA_MASTER 7
                        """,
                LinkRequests.setController(5, 7, "add port", SUBJECT));
    }

    /** {@code ip link set veth31 nomaster} */
    @Test
    void noController() {
        assertEncodes(
                """
                        28000000 1000 0500 c654066b 00000000  # RTM_NEWLINK, 40 bytes, flags 0x5, sequence, port
                        00 00 0000 05000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        0800 0a00 00000000  # IFLA_MASTER 0
                        """,
                LinkRequests.setController(5, 0, "remove port", SUBJECT));
    }

    /** {@code ip link del veth21} */
    @Test
    void deletion() {
        assertEncodes(
                """
                        20000000 1100 0500 fc54066b 00000000  # RTM_DELLINK, 32 bytes, flags 0x5, sequence, port
                        00 00 0000 03000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        """,
                LinkRequests.delete(3, SUBJECT));
    }

    /** {@code ip link add link veth11 name mv0 address 02:00:00:00:00:01 netns FD type macvlan mode bridge} */
    @Test
    void macvlanIsBornInItsNamespace() {
        assertEncodes(
                """
                        60000000 1000 0506 6d58096b 00000000  # RTM_NEWLINK, 96 bytes, flags 0x605, sequence, port
                        00 00 0000 00000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        0a00 0100 0200000000010000  # IFLA_ADDRESS 02:00:00:00:00:01
                        0800 1c00 04000000  # IFLA_NET_NS_FD 4
                        0800 0500 03000000  # IFLA_LINK 3
                        0800 0300 6d763000  # IFLA_IFNAME "mv0"
                        1c00 1200  # IFLA_LINKINFO
                          0b00 0100 6d6163766c616e00  # IFLA_INFO_KIND "macvlan"
                          0c00 0200  # IFLA_INFO_DATA
                            0800 0100 04000000  # IFLA_MACVLAN_MODE 4
                        """,
                LinkRequests.createMacvlan(
                        3,
                        new InterfaceName("mv0"),
                        Optional.of(MacAddress.parse("02:00:00:00:00:01")),
                        MacvlanMode.BRIDGE,
                        4,
                        SUBJECT));
    }

    /** {@code ip link add link veth11 name mv2 netns FD type macvlan mode private} */
    @Test
    void macvlanOfAnotherMode() {
        assertEncodes(
                """
                        54000000 1000 0506 6e58096b 00000000  # RTM_NEWLINK, 84 bytes, flags 0x605, sequence, port
                        00 00 0000 00000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        0800 1c00 04000000  # IFLA_NET_NS_FD 4
                        0800 0500 03000000  # IFLA_LINK 3
                        0800 0300 6d763200  # IFLA_IFNAME "mv2"
                        1c00 1200  # IFLA_LINKINFO
                          0b00 0100 6d6163766c616e00  # IFLA_INFO_KIND "macvlan"
                          0c00 0200  # IFLA_INFO_DATA
                            0800 0100 01000000  # IFLA_MACVLAN_MODE 1
                        """,
                LinkRequests.createMacvlan(
                        3, new InterfaceName("mv2"), Optional.empty(), MacvlanMode.PRIVATE, 4, SUBJECT));
    }

    /** {@code ip link set dev veth32 netns FD name card0} */
    @Test
    void move() {
        assertEncodes(
                """
                        34000000 1000 0500 7058096b 00000000  # RTM_NEWLINK, 52 bytes, flags 0x5, sequence, port
                        00 00 0000 05000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        0800 1c00 04000000  # IFLA_NET_NS_FD 4
                        0a00 0300 6361726430000000  # IFLA_IFNAME "card0"
                        """,
                LinkRequests.move(5, 4, new InterfaceName("card0"), SUBJECT));
    }

    /** {@code ip link set dev veth31 name x} */
    @Test
    void rename() {
        assertEncodes(
                """
                        28000000 1000 0500 7058096b 00000000  # RTM_NEWLINK, 40 bytes, flags 0x5, sequence, port
                        00 00 0000 06000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                        0600 0300 78000000  # IFLA_IFNAME "x"
                        """,
                LinkRequests.rename(6, new InterfaceName("x"), SUBJECT));
    }

    /** {@code ip link set brx type bridge stp_state 1} */
    @Test
    void stp() {
        assertEncodes(bridgeOption("0800 0500 01000000  # IFLA_BR_STP_STATE 1"), LinkRequests.setStp(3, true, SUBJECT));
    }

    /** {@code ip link set brx type bridge forward_delay 400} */
    @Test
    void forwardDelay() {
        assertEncodes(
                bridgeOption("0800 0100 90010000  # IFLA_BR_FORWARD_DELAY 400"),
                LinkRequests.setForwardDelay(3, Duration.ofSeconds(4), SUBJECT));
    }

    /** {@code ip link set brx type bridge priority 4096} */
    @Test
    void bridgePriority() {
        assertEncodes(
                bridgeOption("0600 0600 00100000  # IFLA_BR_PRIORITY 4096"),
                LinkRequests.setPriority(3, 4096, SUBJECT));
    }

    private static String bridgeOption(String captured) {
        return """
                3c000000 1000 0500 9f57096b 00000000  # RTM_NEWLINK, 60 bytes, flags 0x5, sequence, port
                00 00 0000 03000000 00000000 00000000  # struct ifinfomsg: family, -, type, index, flags, change
                1c00 1200  # IFLA_LINKINFO
                  0a00 0100 6272696467650000  # IFLA_INFO_KIND "bridge"
                  0c00 0200  # IFLA_INFO_DATA
                """
                + captured;
    }
}
