package io.netyard.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.RequestException;
import io.netyard.api.lab.Acceptance;
import io.netyard.api.lab.Difference;
import io.netyard.api.lab.LabStatus;
import io.netyard.api.lab.LabStatus.State;
import io.netyard.testing.Eventually;
import io.netyard.testing.LiveKernel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Labs in which somebody else changes something, with the usual tools. */
@LiveKernel
@Timeout(300)
class DriftLiveTest {

    private static final String LAB = "driftlive";

    private static final String TEXT =
            """
            lab: driftlive
            nodes:
              # The one that everything happens to.
              a:
                interfaces:
                  eth0: {addresses: [10.73.0.1/24], mac: "02:00:00:00:73:01"}  # to b
                forwarding: true
                routes:
                  - 10.74.0.0/16 via 10.73.0.2  # the rest of the world
                  - 10.75.0.0/16 via 10.73.0.2
                neighbours: {eth0: {10.73.0.9: "02:00:00:00:00:09"}}
              b: {interfaces: {eth0: {addresses: [10.73.0.2/24]}}}
            links:
              cable: ["a:eth0", "b:eth0"]
            """;

    @TempDir
    Path scratch;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private LiveLabs live;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        file = Files.writeString(scratch.resolve("lab.yaml"), TEXT);
        live = new LiveLabs(scratch.resolve("state/labs"), told::add);
    }

    @AfterEach
    void end() {
        live.close();
    }

    private void apply() {
        live.labs().apply(file, Optional.empty(), progress -> {});
    }

    private void ip(String node, String command) throws Exception {
        assertThat(live.run(LAB, node, "ip " + command)).isEmpty();
    }

    private void awaitTold(String sentence) throws Exception {
        Eventually.holds("told of: " + sentence + ", so far " + told, () -> told.contains(sentence));
    }

    private List<String> differences() {
        return live.labs().status(LAB).differences().stream()
                .map(Difference::sentence)
                .toList();
    }

    @Test
    void whatSomebodyElseChangesIsToldAndPutBack() throws Exception {
        apply();
        assertThat(live.labs().status(LAB)).isEqualTo(up());

        ip("a", "address add 10.73.0.77/24 dev eth0");
        awaitTold("a:eth0: address 10.73.0.77/24 was added");
        // What the lab's own change has stirred up was not told.
        assertThat(told).hasSize(1);

        ip("a", "route del 10.74.0.0/16");
        awaitTold("a: route 10.74.0.0/16 via 10.73.0.2 dev eth0 is missing");
        ip("a", "route replace 10.75.0.0/16 via 10.73.0.3");
        awaitTold("a: route 10.75.0.0/16 via 10.73.0.3 dev eth0 was added");
        ip("a", "neighbour replace 10.73.0.9 lladdr 02:00:00:00:00:99 dev eth0 nud permanent");
        awaitTold(
                "a: neighbour 10.73.0.9 at 02:00:00:00:00:99 on eth0 was changed, it is meant to be at 02:00:00:00:00:09");
        ip("a", "neighbour del 10.73.0.9 dev eth0");
        awaitTold("a: neighbour 10.73.0.9 at 02:00:00:00:00:09 on eth0 is missing");
        live.run(LAB, "a", "sysctl -qw net.ipv4.ip_forward=0");
        awaitTold("a: net.ipv4.ip_forward is 0, not 1");
        ip("b", "link set eth0 mtu 1400");
        awaitTold("b:eth0: MTU is 1400, not 1500");
        ip("b", "link set eth0 down");
        awaitTold("b:eth0: down, not up");
        assertThat(live.labs().status(LAB).state()).isEqualTo(State.DIFFERS);
        assertThat(differences())
                .contains(
                        "a:eth0: address 10.73.0.77/24 was added",
                        "a: route 10.75.0.0/16 via 10.73.0.2 dev eth0 is missing",
                        "a: net.ipv4.ip_forward is 0, not 1",
                        "b:eth0: down, not up");

        assertThat(live.labs().planRepair(LAB).steps()).isNotEmpty();
        assertThat(live.labs().repair(LAB, progress -> {}).steps()).isNotEmpty();
        assertThat(live.labs().status(LAB)).isEqualTo(up());
        awaitTold("again: b:eth0: down, not up");
        awaitTold("again: a:eth0: address 10.73.0.77/24 was added");
        assertThat(live.labs().repair(LAB, progress -> {}).steps()).isEmpty();
    }

    private static LabStatus up() {
        return new LabStatus(LAB, State.UP, Optional.empty(), List.of(), Optional.empty());
    }

    @Test
    void aCableThatWasCutAndANodeThatWasEndedAreMadeAnew() throws Exception {
        apply();
        ip("a", "link del eth0");
        awaitTold("a:eth0: the interface is missing");
        awaitTold("b:eth0: the interface is missing");
        assertThat(differences()).hasSize(2);
        live.labs().repair(LAB, progress -> {});
        assertThat(live.labs().status(LAB)).isEqualTo(up());

        ProcessHandle.of(live.holder(LAB, "b")).orElseThrow().destroyForcibly();
        awaitTold("b: its namespace is gone");
        live.labs().repair(LAB, progress -> {});
        assertThat(live.labs().status(LAB)).isEqualTo(up());
        awaitTold("again: b: its namespace is gone");
    }

    @Test
    void aDestroyedLabIsWatchedNoMore() throws Exception {
        long before = sockets();
        apply();
        Eventually.holds("somebody listens", () -> sockets() > before);
        live.labs().destroy(LAB, progress -> {});
        Eventually.holds("nobody listens", () -> sockets() == before);
        Eventually.holds("no thread is left", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("netyard drift")
                        || thread.getName().equals("netyard network monitor")));
        assertThat(told).isEmpty();
        assertThatThrownBy(() -> live.labs().status(LAB)).isInstanceOf(RequestException.class);
    }

    private static long sockets() throws IOException {
        long count = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    count += Files.readSymbolicLink(descriptor).toString().startsWith("socket:") ? 1 : 0;
                } catch (IOException e) {
                    // It was closed while this looked.
                    continue;
                }
            }
        }
        return count;
    }

    @Test
    void whatSomebodyElseHasChangedCanBeTakenOverIntoTheFile() throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r-x"));
        apply();
        ip("a", "address add 10.73.0.77/24 dev eth0");
        ip("a", "route del 10.74.0.0/16");
        ip("a", "route replace 10.75.0.0/16 via 10.73.0.3");
        ip("a", "neighbour del 10.73.0.9 dev eth0");
        ip("b", "link set eth0 mtu 1400");
        live.run(LAB, "a", "sysctl -qw net.ipv4.ip_forward=0 net.ipv6.conf.all.forwarding=0");

        Acceptance planned = live.labs().planAccept(LAB);
        assertThat(Files.readString(file)).isEqualTo(TEXT);
        assertThat(live.labs().accept(LAB)).isEqualTo(planned);
        assertThat(planned.differences()).hasSize(8);
        assertThat(Files.readString(file))
                .isEqualTo(planned.after())
                .isEqualTo(TEXT.replace("[10.73.0.1/24]", "[10.73.0.1/24, 10.73.0.77/24]")
                        .replace("      - 10.74.0.0/16 via 10.73.0.2  # the rest of the world\n", "")
                        .replace("10.75.0.0/16 via 10.73.0.2", "10.75.0.0/16 via 10.73.0.3 dev eth0")
                        .replace("{10.73.0.9: \"02:00:00:00:00:09\"}", "{}")
                        .replace("forwarding: true", "forwarding: false")
                        .replace("{addresses: [10.73.0.2/24]}", "{addresses: [10.73.0.2/24], mtu: 1400}"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r-x");
        assertThat(live.labs().status(LAB)).isEqualTo(up());
        assertThat(live.labs().plan(file, Optional.empty()).steps()).isEmpty();
        try (Stream<Path> files = Files.list(scratch)) {
            assertThat(files.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("lab.yaml", "state");
        }
    }

    @Test
    void whatTheFileCannotSayAndAFileThatHasChangedAreRefused() throws Exception {
        apply();
        live.run(LAB, "a", "sysctl -qw net.ipv4.ip_forward=0");
        assertThatThrownBy(() -> live.labs().accept(LAB))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining(
                        "a: net.ipv4.ip_forward is 0, not 1 (forwarding in the file means IPv4 and IPv6 alike)");
        live.run(LAB, "a", "sysctl -qw net.ipv4.ip_forward=1");
        // It is b's already.
        ip("a", "address add 10.73.0.2/32 dev eth0");
        assertThatThrownBy(() -> live.labs().accept(LAB))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("10.73.0.2 is the address of");
        assertThat(Files.readString(file)).isEqualTo(TEXT);

        Files.writeString(file, TEXT + "# later\n");
        assertThatThrownBy(() -> live.labs().accept(LAB))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("has changed since the lab was applied");
        Files.delete(file);
        assertThatThrownBy(() -> live.labs().accept(LAB))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("is not there any more");
    }

    @Test
    void aCutCableIsTakenOverWithAllThatWasSaidOfIt() throws Exception {
        apply();
        ip("b", "link del eth0");
        live.labs().accept(LAB);
        assertThat(Files.readString(file))
                .doesNotContain("eth0", "cable")
                .contains("# The one that everything happens to.");
        assertThat(live.labs().status(LAB)).isEqualTo(up());
    }
}
