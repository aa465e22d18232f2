package io.netyard.kernel.route;

import static io.netyard.kernel.route.Captured.assertEncodes;

import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import org.junit.jupiter.api.Test;

/** What iproute2 6.1 puts on the wire for the same wish; taken from sendmsg(2) by strace. */
class NeighbourRequestsTest {

    private static final String SUBJECT = "a test";

    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:02");

    /** {@code bridge fdb show br brx} */
    @Test
    void forwardingDatabaseOfOneBridge() {
        assertEncodes(
                """
                        24000000 1e00 0103 e054066b 00000000  # RTM_GETNEIGH, 36 bytes, flags 0x301, sequence, port
                        07 00 0000 00000000 0000 00 00  # struct ndmsg: family, -, -, index, state, flags, type
                        0800 0900 07000000  # NDA_MASTER 7
                        """,
                NeighbourRequests.dumpFdb(7, SUBJECT));
    }

    /** {@code ip neigh show} */
    @Test
    void neighbours() {
        assertEncodes(
                """
                        1c000000 1e00 0103 e754066b 00000000  # RTM_GETNEIGH, 28 bytes, flags 0x301, sequence, port
                        00 00 0000 00000000 0000 00 00  # struct ndmsg: family, -, -, index, state, flags, type
                        """,
                NeighbourRequests.dump(SUBJECT));
    }

    /** {@code ip neigh del 192.168.5.77 dev veth32} */
    @Test
    void deletionOfAnIpv4Neighbour() {
        assertEncodes(
                """
                        24000000 1d00 0500 e854066b 00000000  # RTM_DELNEIGH, 36 bytes, flags 0x5, sequence, port
                        02 00 0000 04000000 8000 00 00  # struct ndmsg: family, -, -, index, state, flags, type
                        0800 0100 c0a8054d  # NDA_DST 192.168.5.77
                        """,
                NeighbourRequests.delete(4, IpPrefix.parseAddress("192.168.5.77"), SUBJECT));
    }

    /** {@code ip neigh del fd00::77 dev veth11} */
    @Test
    void deletionOfAnIpv6Neighbour() {
        assertEncodes(
                """
                        30000000 1d00 0500 ea54066b 00000000  # RTM_DELNEIGH, 48 bytes, flags 0x5, sequence, port
                        0a 00 0000 02000000 8000 00 00  # struct ndmsg: family, -, -, index, state, flags, type
                        1400 0100 fd000000000000000000000000000077  # NDA_DST fd00::77
                        """,
                NeighbourRequests.delete(2, IpPrefix.parseAddress("fd00::77"), SUBJECT));
    }

    /** {@code ip neigh replace 192.168.5.2 lladdr 02:00:00:00:00:02 dev veth11 nud permanent} */
    @Test
    void permanentIpv4Neighbour() {
        assertEncodes(
                """
                        30000000 1c00 0505 a757096b 00000000  # RTM_NEWNEIGH, 48 bytes, flags 0x505, sequence, port
                        02 00 0000 02000000 8000 00 00  # struct ndmsg: family, -, -, index, state, flags, type
                        0800 0100 c0a80502  # NDA_DST 192.168.5.2
                        0a00 0200 0200000000020000  # NDA_LLADDR 02:00:00:00:00:02
                        """,
                NeighbourRequests.set(2, IpPrefix.parseAddress("192.168.5.2"), MAC, SUBJECT));
    }

    /** {@code ip neigh replace fd00::2 lladdr 02:00:00:00:00:02 dev veth11 nud permanent} */
    @Test
    void permanentIpv6Neighbour() {
        assertEncodes(
                """
                        3c000000 1c00 0505 a757096b 00000000  # RTM_NEWNEIGH, 60 bytes, flags 0x505, sequence, port
                        0a 00 0000 02000000 8000 00 00  # struct ndmsg: family, -, -, index, state, flags, type
                        1400 0100 fd000000000000000000000000000002  # NDA_DST fd00::2
                        0a00 0200 0200000000020000  # NDA_LLADDR 02:00:00:00:00:02
                        """,
                NeighbourRequests.set(2, IpPrefix.parseAddress("fd00::2"), MAC, SUBJECT));
    }
}
