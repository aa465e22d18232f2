package io.netyard.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.kernel.SpawnSpec.Detached;
import io.netyard.kernel.SpawnSpec.Pipes;
import io.netyard.kernel.SpawnSpec.Terminal;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Namespaces, the processes and sockets inside them, and netlink, on the kernel that is there. */
class NamespaceThreadLiveTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final List<String> ENVIRONMENT = List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin");

    private SpawnedProcess holder;
    private NetnsRef where;

    @BeforeEach
    void aNamespaceHeldByAProcess() {
        assumeTrue(KernelFeatures.canCreateNamespaces(), "needs root: runs in the lab kernel (User-mode Linux)");
        holder = NamespaceThread.callInNew(
                "kernel-test",
                () -> Spawner.start(new SpawnSpec(
                        "/bin/sleep", List.of("netyard:kernel-test/n", "infinity"), List.of(), new Detached())));
        Path directory = Path.of("/proc/" + holder.pid() + "/ns");
        where = new NetnsRef(
                NamespaceThread.inode(directory.resolve("net")),
                directory.resolve("net"),
                Optional.of(directory.resolve("uts")));
    }

    @AfterEach
    void nothingIsLeft() {
        if (holder != null) {
            holder.close();
            assertThat(Path.of("/proc/" + holder.pid())).doesNotExist();
        }
    }

    @Test
    void runsInsideAndOnlyThere() throws IOException {
        String outside = Files.readString(Path.of("/proc/sys/kernel/hostname"));

        String inside = NamespaceThread.call(where, () -> Files.readString(Path.of("/proc/sys/kernel/hostname")));

        assertThat(inside.strip()).isEqualTo("kernel-test");
        assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isEqualTo(outside);
        assertThat(NamespaceThread.call(where, () -> NamespaceThread.current().inode()))
                .isEqualTo(where.inode());
    }

    @Test
    void aReferenceThatCameToMeanAnotherNamespaceIsRefused() {
        NetnsRef stale = new NetnsRef(where.inode() + 1, where.net(), where.uts());

        assertThatThrownBy(() -> NamespaceThread.call(stale, () -> null))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("any more");
    }

    @Test
    void aReferenceToAnEndedProcessIsRefused() {
        holder.close();

        assertThatThrownBy(() -> NamespaceThread.call(where, () -> null))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("gone");
    }

    @Test
    void aHolderOwnsNoDescriptorOfOurs() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + holder.pid() + "/fd"))) {
            assertThat(descriptors.map(fd -> fd.getFileName().toString())).containsExactlyInAnyOrder("0", "1", "2");
        }
    }

    @Test
    void aKilledChildIsCollectedWhoeverKilledIt() throws InterruptedException {
        ProcessHandle.of(holder.pid()).orElseThrow().destroyForcibly();

        assertThat(holder.waitFor(SOON)).hasValue(128 + 9);
        assertThat(Path.of("/proc/" + holder.pid())).doesNotExist();
    }

    @Test
    void killHitsOnlyWhatIsStillMeant() {
        assertThat(SpawnedProcess.kill(holder.pid(), () -> false, SOON)).isFalse();
        assertThat(Path.of("/proc/" + holder.pid())).exists();

        assertThat(SpawnedProcess.kill(holder.pid(), () -> true, SOON)).isTrue();
    }

    @Test
    void pipesCarryInputOutputErrorAndStatus() throws Exception {
        try (SpawnedProcess process = inside("cat; hostname; echo wrong >&2; exit 7", new Pipes())) {
            process.input().write("hello\n".getBytes(StandardCharsets.UTF_8));
            process.input().close();

            assertThat(new String(process.output().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("hello\nkernel-test\n");
            assertThat(new String(process.error().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo("wrong\n");
            assertThat(process.waitFor(SOON)).hasValue(7);
        }
    }

    @Test
    void aTerminalHasASizeAndCtrlCReachesTheProgram() throws Exception {
        try (SpawnedProcess process = inside("stty size; exec sleep 100", new Terminal(100, 30))) {
            byte[] size = process.output().readNBytes("30 100".length());
            assertThat(new String(size, StandardCharsets.UTF_8)).isEqualTo("30 100");

            process.input().write(3);
            process.input().flush();

            assertThat(process.waitFor(SOON)).hasValue(128 + 2);
        }
    }

    @Test
    void aProgramThatIsNotThereSaysSo() {
        assertThatThrownBy(() -> NamespaceThread.call(
                        where,
                        () -> Spawner.start(new SpawnSpec("no-such-program", List.of("x"), ENVIRONMENT, new Pipes()))))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("no-such-program");
    }

    @Test
    void theKernelsRefusalKeepsItsNumberAndItsWords() {
        // struct ifinfomsg with an index that nothing has; RTM_DELLINK = 17, RTM_GETLINK = 18
        byte[] nothing = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putInt(4, 77_777)
                .array();
        try (NetlinkSocket socket = NetlinkSocket.open(where)) {
            assertThatThrownBy(() -> socket.execute(new NetlinkRequest(17, 0, nothing, "delete link", "ghost")))
                    .isInstanceOfSatisfying(KernelException.class, refusal -> {
                        assertThat(refusal.isAbsent()).isTrue();
                        assertThat(refusal).hasMessageStartingWith("delete link ghost: ");
                    });
            assertThat(socket.dump(new NetlinkRequest(18, 0, new byte[16], "list", "links")))
                    .as("the socket goes on working, and a new namespace has lo alone")
                    .hasSize(1);
        }
    }

    @Test
    void icmpSocketsHearEchoRepliesOfTheirNamespace() throws Exception {
        // RTM_NEWLINK: index 1 (lo), IFF_UP set
        byte[] up = ByteBuffer.allocate(16)
                .order(ByteOrder.nativeOrder())
                .putInt(4, 1)
                .putInt(8, 1)
                .putInt(12, 1)
                .array();
        try (NetlinkSocket socket = NetlinkSocket.open(where)) {
            socket.execute(new NetlinkRequest(16, 0, up, "set up", "lo"));
        }
        byte[] echo = {8, 0, (byte) 0xf7, (byte) 0xfd, 0, 1, 0, 1};
        try (IcmpSocket icmp = IcmpSocket.open(where, false)) {
            icmp.send(echo, InetAddress.getByName("127.0.0.1"), 0);

            assertThat(IcmpSocket.poll(List.of(icmp), SOON)).containsExactly(icmp);
            IcmpSocket.Received reply = icmp.receive().orElseThrow();
            assertThat(reply.source().getHostAddress()).isEqualTo("127.0.0.1");
            assertThat(reply.bytes()[20])
                    .as("type echo reply behind the IP header")
                    .isZero();
            assertThat(IcmpSocket.poll(List.of(icmp), Duration.ofMillis(50)))
                    .as("the request itself is filtered")
                    .isEmpty();
        }
    }

    private SpawnedProcess inside(String script, SpawnSpec.Stdio stdio) {
        return NamespaceThread.call(
                where, () -> Spawner.start(new SpawnSpec("sh", List.of("sh", "-c", script), ENVIRONMENT, stdio)));
    }
}
