package io.netyard.kernel.route;

import static io.netyard.kernel.route.Captured.assertEncodes;

import io.netyard.api.IpPrefix;
import org.junit.jupiter.api.Test;

/** What iproute2 6.1 puts on the wire for the same wish; taken from sendmsg(2) by strace. */
class AddressRequestsTest {

    private static final String SUBJECT = "a test";

    /** {@code ip addr add 192.168.5.1/24 dev veth11} */
    @Test
    void ipv4Address() {
        assertEncodes(
                """
                        28000000 1400 0506 cf54066b 00000000  # RTM_NEWADDR, 40 bytes, flags 0x605, sequence, port
                        02 18 00 00 02000000  # struct ifaddrmsg: family, prefix length, flags, scope, index
                        0800 0200 c0a80501  # IFA_LOCAL 192.168.5.1
                        0800 0100 c0a80501  # IFA_ADDRESS 192.168.5.1
                        """,
                AddressRequests.add(2, IpPrefix.parse("192.168.5.1/24"), SUBJECT));
    }

    /** {@code ip addr add fd00::1/64 dev veth11 nodad} */
    @Test
    void ipv6AddressWithoutDuplicateAddressDetection() {
        assertEncodes(
                """
                        40000000 1400 0506 cd54066b 00000000  # RTM_NEWADDR, 64 bytes, flags 0x605, sequence, port
                        0a 40 02 00 02000000  # struct ifaddrmsg: family, prefix length, flags, scope, index
                        1400 0200 fd000000000000000000000000000001  # IFA_LOCAL fd00::1
                        1400 0100 fd000000000000000000000000000001  # IFA_ADDRESS fd00::1
                        """,
                AddressRequests.add(2, IpPrefix.parse("fd00::1/64"), SUBJECT));
    }

    /** {@code ip addr del 192.168.5.1/24 dev veth11} */
    @Test
    void removal() {
        assertEncodes(
                """
                        28000000 1500 0500 ce54066b 00000000  # RTM_DELADDR, 40 bytes, flags 0x5, sequence, port
                        02 18 00 00 02000000  # struct ifaddrmsg: family, prefix length, flags, scope, index
                        0800 0200 c0a80501  # IFA_LOCAL 192.168.5.1
                        0800 0100 c0a80501  # IFA_ADDRESS 192.168.5.1
                        """,
                AddressRequests.remove(2, IpPrefix.parse("192.168.5.1/24"), SUBJECT));
    }
}
