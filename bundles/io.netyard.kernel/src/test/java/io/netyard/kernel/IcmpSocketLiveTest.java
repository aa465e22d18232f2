package io.netyard.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.KernelException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

@NeedsRoot
class IcmpSocketLiveTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    private static final int ICMP_ECHO = 8;
    private static final int ICMPV6_ECHO_REQUEST = 128;
    private static final int ICMPV6_ECHO_REPLY = 129;

    @Test
    void anEchoRequestIsAnsweredOverIpv4() {
        inANamespaceWithLoopback(() -> {
            try (IcmpSocket socket = IcmpSocket.open(NamespaceThread.current(), false)) {
                // Type 8, checksum of an otherwise empty message (RFC 1071): the complement of 0x0800.
                socket.send(
                        new byte[] {ICMP_ECHO, 0, (byte) 0xf7, (byte) 0xff, 0, 0, 0, 0},
                        InetAddress.getByName("127.0.0.1"),
                        0);

                assertThat(IcmpSocket.poll(List.of(socket), SOON)).containsExactly(socket);
                IcmpSocket.Received reply = socket.receive().orElseThrow();
                assertThat(reply.source()).isEqualTo(InetAddress.getByName("127.0.0.1"));
                assertThat(reply.bytes()).as("IPv4 header and ICMP message").hasSize(20 + 8);
                assertThat(reply.bytes()[20]).as("echo reply").isZero();
                assertThat(socket.receive()).as("its own request is filtered").isEmpty();
            }
            return null;
        });
    }

    @Test
    void anEchoRequestIsAnsweredOverIpv6() {
        inANamespaceWithLoopback(() -> {
            try (IcmpSocket socket = IcmpSocket.open(NamespaceThread.current(), true)) {
                // The checksum is the kernel's business.
                byte[] message = {(byte) ICMPV6_ECHO_REQUEST, 0, 0, 0, 0, 0, 0, 0};
                socket.send(message, InetAddress.getByName("::1"), 0);

                assertThat(IcmpSocket.poll(List.of(socket), SOON)).containsExactly(socket);
                IcmpSocket.Received reply = socket.receive().orElseThrow();
                assertThat(reply.source()).isEqualTo(InetAddress.getByName("::1"));
                assertThat(reply.bytes()).as("ICMPv6 message only").hasSize(8);
                assertThat(reply.bytes()[0]).isEqualTo((byte) ICMPV6_ECHO_REPLY);
            }
            return null;
        });
    }

    @Test
    void waitingForNothingEnds() {
        inANamespaceWithLoopback(() -> {
            try (IcmpSocket socket = IcmpSocket.open(NamespaceThread.current(), false)) {
                assertThat(IcmpSocket.poll(List.of(socket), Duration.ofMillis(20)))
                        .isEmpty();
                assertThat(socket.receive()).isEmpty();
            }
            return null;
        });
    }

    @Test
    void whereThereIsNoRouteTheKernelSaysSo() {
        inANamespaceWithLoopback(() -> {
            try (IcmpSocket socket = IcmpSocket.open(NamespaceThread.current(), false)) {
                assertThatThrownBy(() -> socket.send(new byte[8], InetAddress.getByName("192.0.2.1"), 0))
                        .isInstanceOf(KernelException.class)
                        .hasMessageContaining("unreachable");
            }
            return null;
        });
    }

    private static void inANamespaceWithLoopback(Callable<Void> body) {
        NamespaceThread.callInNew("icmp", () -> {
            // struct ifinfomsg with IFF_UP as flag and as mask: RTM_NEWLINK of a link that is there sets it.
            byte[] up = ByteBuffer.allocate(16)
                    .order(ByteOrder.nativeOrder())
                    .putInt(0)
                    .putInt(1)
                    .putInt(1)
                    .putInt(1)
                    .array();
            try (NetlinkSocket socket = NetlinkSocket.openHere()) {
                socket.execute(new NetlinkRequest(16, 0, up, "set up", "lo"));
            }
            return body.call();
        });
    }
}
