package io.netyard.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Run in a JVM of its own by {@link NamespaceThreadLiveTest}: uses everything inside a namespace first, when all that is
 * started lazily is started there, and prints the names of the threads that then live in another namespace than the JVM.
 */
final class ThreadsAtHome {

    private ThreadsAtHome() {}

    public static void main(String[] arguments) throws Exception {
        SpawnedProcess[] child = new SpawnedProcess[1];
        NamespaceThread.callInNew("threads", () -> {
            try (NetlinkSocket socket = NetlinkSocket.openHere()) {
                child[0] = Spawner.start(
                        new SpawnSpec("sleep", List.of("sleep", "300"), List.of(), new SpawnSpec.Terminal(80, 24)));
            }
            System.gc();
            return null;
        });
        child[0].close();
        List<String> strangers = List.of();
        // The thread that was inside ends a moment after its result is there.
        for (int attempt = 0; attempt < 100; attempt++) {
            strangers = strangers();
            if (strangers.isEmpty()) {
                break;
            }
            Thread.sleep(Duration.ofMillis(20).toMillis());
        }
        System.out.println("strangers: " + strangers);
    }

    private static List<String> strangers() throws Exception {
        long home = NamespaceThread.inode(Path.of("/proc/self/ns/net"));
        List<String> strangers = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                if (NamespaceThread.inode(task.resolve("ns/net")) != home) {
                    strangers.add(Files.readString(task.resolve("comm")).strip());
                }
            }
        }
        return strangers;
    }
}
