package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.netns.Netns;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.testing.Eventually;
import io.netyard.testing.LiveKernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What comes by the hundred must leave nothing in the JVM. */
@LiveKernel
@Timeout(300)
class ManyNamespacesLiveTest {

    private static final int MANY = 100;

    @TempDir
    Path temporary;

    @Test
    void aHundredNamespacesLeaveNeitherDescriptorsNorThreads() throws Exception {
        List<String> holders = List.of("process", "pin", "named");
        try (LiveNamespaces live = new LiveNamespaces(temporary)) {
            // What is opened once stays open.
            round(live, holders, 3);
            long descriptors = entries("fd");
            long threads = entries("task");

            round(live, holders, MANY);

            Eventually.holds("descriptors are closed", () -> entries("fd") <= descriptors);
            Eventually.holds("threads have ended", () -> entries("task") <= threads);
        }
        assertThat(temporary).isEmptyDirectory();
    }

    private static void round(LiveNamespaces live, List<String> holders, int count) throws Exception {
        List<Netns> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(live.service.create(LiveNamespaces.spec("n" + i, holders.get(i % holders.size()))));
        }
        assertThat(live.own()).hasSize(count);
        for (Netns netns : made) {
            try (NetnsProcess process = live.service.start(LiveNamespaces.way(netns), List.of("true"), null)) {
                assertThat(process.waitFor(Eventually.LIMIT)).hasValue(0);
            }
        }
        made.forEach(live.service::destroy);
        assertThat(live.own()).isEmpty();
    }

    private static long entries(String directory) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self", directory))) {
            return entries.count();
        }
    }
}
