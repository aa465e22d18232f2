package io.netyard.netns.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.Inventory.Look;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.testing.Eventually;
import io.netyard.testing.LiveKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes and namespaces come and go by the thousand while the host is looked at. */
@LiveKernel
@Timeout(180)
class ChurnLiveTest {

    /** Where starting a process takes long, as many as can be had in this time. */
    private static final int SECONDS = 20;

    private static final int PROCESSES = 2000;

    /** unshare(2): x86_64 has 272, aarch64 and the other newer ABIs 97. */
    private static final String UNSHARE = "amd64".equals(System.getProperty("os.arch")) ? "272" : "97";

    /**
     * Each process lives for a moment; every fourth makes namespaces of its own (network, UTS, IPC). Says at its end how many there were.
     */
    private static final String CHURN =
            """
            my ($most, $until, %alive) = ($ARGV[0], time + $ARGV[1]);
            my $n = 0;
            while ($n < $most && time < $until) {
                my $pid = fork;
                if (!$pid) {
                    syscall(UNSHARE, 0x4C000000) if $n % 4 == 0;
                    select(undef, undef, undef, 0.02 * rand);
                    exit 0;
                }
                $n++;
                $alive{$pid} = 1;
                delete $alive{wait()} while keys %alive > 20;
            }
            1 while wait() > 0;
            print $n;
            """
                    .replace("UNSHARE", UNSHARE);

    @TempDir
    Path directory;

    @Test
    void whatStaysIsAlwaysThereWithTheRightProcesses() throws Exception {
        try (WildHost host = WildHost.quiet(directory)) {
            host.start("one", "unshare", "--net", "--uts", "sh", "-c", WildHost.SLEEP);
            host.start("three", "unshare", "--net", "sh", "-c", "sleep 300 & sleep 300 & " + WildHost.SLEEP);
            NamespaceId one = NamespaceScan.namespacesOf(host.pid("one")).get(NamespaceType.NET);
            NamespaceId three = NamespaceScan.namespacesOf(host.pid("three")).get(NamespaceType.NET);
            Eventually.holds(
                    "three sleep",
                    () -> NamespaceScan.processes(three).stream()
                                    .filter(process -> process.command().equals("sleep 300"))
                                    .count()
                            == 3);
            HostNamespace before =
                    byId(NamespaceScan.look(Set.of(NamespaceType.NET))).get(three);

            Process churn = new ProcessBuilder(
                            "perl", "-e", CHURN, Integer.toString(PROCESSES), Integer.toString(SECONDS))
                    .redirectOutput(directory.resolve("started").toFile())
                    .start();
            ExecutorService threads = Executors.newFixedThreadPool(2);
            int looks = 0;
            try {
                while (churn.isAlive()) {
                    List<Future<Look>> both = new ArrayList<>();
                    both.add(threads.submit(() -> NamespaceScan.look(EnumSet.allOf(NamespaceType.class))));
                    both.add(threads.submit(() -> NamespaceScan.look(Set.of(NamespaceType.NET))));
                    for (Future<Look> future : both) {
                        Map<NamespaceId, HostNamespace> all = byId(future.get());
                        assertThat(all.get(three)).isEqualTo(before);
                        assertThat(all.get(one).pids()).containsExactly(host.pid("one"));
                        assertThat(all.values()).allSatisfy(ChurnLiveTest::isWhole);
                    }
                    assertThat(NamespaceScan.processes(three))
                            .extracting(HostProcess::pid)
                            .isEqualTo(before.pids());
                    looks++;
                }
            } finally {
                threads.shutdownNow();
                churn.descendants().forEach(ProcessHandle::destroyForcibly);
                churn.destroyForcibly().waitFor();
            }
            assertThat(Integer.parseInt(Files.readString(directory.resolve("started"))))
                    .isGreaterThan(100);
            assertThat(looks).isGreaterThan(2);
        }
    }

    /** Whatever else is told of somebody who has just ended: there is something that holds it, and a process of the right kind. */
    private static void isWhole(HostNamespace namespace) {
        assertThat(namespace.holdings()).isNotEmpty();
        assertThat(namespace.first().isPresent()).isEqualTo(!namespace.pids().isEmpty());
        namespace.first().ifPresent(first -> assertThat(namespace.pids()).contains(first.pid()));
    }

    private static Map<NamespaceId, HostNamespace> byId(Look look) {
        return look.namespaces().stream().collect(Collectors.toMap(HostNamespace::id, namespace -> namespace));
    }
}
