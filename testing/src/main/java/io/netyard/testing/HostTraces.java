package io.netyard.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What can be seen of networks on this host: namespaces that live (by processes and mounts), interfaces of the root
 * namespace, mounts, Netyard's processes and its files under /run. Sockets that hold a namespace cannot be seen.
 *
 * @param found a key that identifies it, and a description for people
 */
record HostTraces(SortedMap<String, String> found) {

    /** The kernel removes namespaces and their interfaces some time after the last holder is gone. */
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private static final long PAUSE_MILLIS = 50;

    static HostTraces now() {
        SortedMap<String, String> found = new TreeMap<>();
        processes(found);
        mounts(found);
        for (String line : lines(Path.of("/proc/self/net/dev"))) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                String name = line.substring(0, colon).strip();
                found.put("interface " + name, "interface " + name + " of the root namespace");
            }
        }
        files(Path.of("/run/netyard"), found);
        files(Path.of("/run/netns"), found);
        return new HostTraces(found);
    }

    /** Waits until nothing is there that was not there before. @throws AssertionError naming what is left in the end */
    void requireUnchanged(String who) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<String> left = left();
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            try {
                Thread.sleep(PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            left = left();
        }
        if (!left.isEmpty()) {
            throw new AssertionError(who + " has left behind:\n  " + String.join("\n  ", left));
        }
    }

    private List<String> left() {
        SortedMap<String, String> now = now().found();
        now.keySet().removeAll(found.keySet());
        return new ArrayList<>(now.values());
    }

    private static void processes(SortedMap<String, String> found) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : entries) {
                String command =
                        read(process.resolve("cmdline")).replace('\0', ' ').strip();
                String who = "process " + process.getFileName() + " (" + command + ")";
                if (command.startsWith("netyard:")) {
                    found.put(who, who);
                }
                try {
                    String namespace =
                            Files.readSymbolicLink(process.resolve("ns/net")).toString();
                    found.putIfAbsent("namespace " + namespace, "namespace " + namespace + " with " + who);
                } catch (IOException e) {
                    // Has ended.
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** proc_pid_mountinfo(5): the fourth field is what is mounted, the fifth where. */
    private static void mounts(SortedMap<String, String> found) {
        for (String line : lines(Path.of("/proc/self/mountinfo"))) {
            String[] fields = line.split(" ", 6);
            if (line.contains(" - nsfs ") && fields[3].startsWith("net:")) {
                found.putIfAbsent("namespace " + fields[3], "namespace " + fields[3] + " mounted on " + fields[4]);
            }
            String mount = "mount of " + fields[3] + " on " + fields[4];
            found.put(mount, mount);
        }
    }

    private static void files(Path directory, SortedMap<String, String> found) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        found.put("file " + directory, "directory " + directory);
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                found.put("file " + entry, "file " + entry);
                files(entry, found);
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // Going away this moment.
        }
    }

    private static List<String> lines(Path file) {
        return read(file).lines().toList();
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
