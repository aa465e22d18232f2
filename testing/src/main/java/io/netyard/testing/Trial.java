package io.netyard.testing;

import io.netyard.api.NetyardException;
import io.netyard.kernel.NamespaceThread;
import io.netyard.kernel.SpawnSpec;
import io.netyard.kernel.SpawnedProcess;
import io.netyard.kernel.Spawner;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;

/** Runs a program in a namespace that is thrown away, to see whether it works here. */
final class Trial {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Trial() {}

    static boolean program(String... command) {
        String path = "PATH=" + System.getenv().getOrDefault("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        SpawnSpec spec = new SpawnSpec(command[0], List.of(command), List.of(path), new SpawnSpec.Detached());
        try {
            return NamespaceThread.callInNew("netyard-probe", () -> {
                try (SpawnedProcess process = Spawner.start(spec)) {
                    return process.waitFor(LIMIT).equals(OptionalInt.of(0));
                }
            });
        } catch (NetyardException e) {
            // The answer to the question.
            return false;
        }
    }
}
