package io.netyard.netns.inventory;

import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.testing.Eventually;
import io.netyard.testing.LiveNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A host with namespaces of every kind that people and their programs leave about. Made by the tools that people use. */
final class WildHost implements AutoCloseable {

    /** Says that all is set up, and becomes a process that does nothing. */
    static final String SLEEP = "echo ready; exec sleep 300";

    /** setns(2): x86_64 has 308, aarch64 and the other newer ABIs 268. */
    private static final String SETNS = "amd64".equals(System.getProperty("os.arch")) ? "308" : "268";

    private final Path directory;
    private final Deque<Process> processes = new ArrayDeque<>();
    private final Deque<Path> mounts = new ArrayDeque<>();
    private final Map<String, Long> pids = new LinkedHashMap<>();
    private final LiveNamespace thread;

    /** @param directory of the host's own, where namespaces can be mounted */
    WildHost(Path directory) throws Exception {
        this(directory, new LiveNamespace("wild-thread"));
        try {
            ofEachType();
            nested();
            oddText();
            withoutProcess();
            shared();
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    private WildHost(Path directory, LiveNamespace thread) {
        this.directory = directory;
        this.thread = thread;
    }

    /** One where there is nothing yet but a thread. */
    static WildHost quiet(Path directory) {
        return new WildHost(directory, new LiveNamespace("wild-thread"));
    }

    /** Of those that have been started, by what they are there for. */
    long pid(String name) {
        return pids.get(name);
    }

    Map<String, Long> pids() {
        return pids;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** The namespace that a thread of this JVM is in, and nobody else. */
    NamespaceId ofThread() {
        return new NamespaceId(NamespaceType.NET, thread.ref().inode());
    }

    private void ofEachType() throws Exception {
        for (NamespaceType type : NamespaceType.values()) {
            if (isHere(type)) {
                switch (type) {
                    case PID, TIME ->
                        start(type.word(), "unshare", "--" + type.word(), "--fork", "--kill-child", "sh", "-c", SLEEP);
                    case MNT -> start(type.word(), "unshare", "--mount", "sh", "-c", SLEEP);
                    default -> start(type.word(), "unshare", "--" + type.word(), "sh", "-c", SLEEP);
                }
            }
        }
        start(
                "all",
                "unshare",
                "-C",
                "-i",
                "-m",
                "-n",
                "-u",
                "-p",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "sh",
                "-c",
                SLEEP);
    }

    private void nested() throws Exception {
        // The one in between has no process when the inner unshare has replaced the outer one.
        start("user in user", "unshare", "-Ur", "unshare", "-Ur", "-n", "sh", "-c", SLEEP);
        start(
                "pid in pid",
                "unshare",
                "--pid",
                "--fork",
                "--kill-child",
                "unshare",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                "-c",
                SLEEP);
        if (isHere(NamespaceType.TIME)) {
            start("time for children", "unshare", "--time", "sh", "-c", "echo ready; sleep 300; :");
        }
        // A shell might collect its child before it becomes something that does not.
        start(
                "zombie",
                "unshare",
                "--user",
                "perl",
                "-e",
                "$|=1; fork or exit 0; print qq{ready\\n}; exec 'sleep', '300'");
        Eventually.holds("a zombie", () -> Run.zombies(pid("zombie")) == 1);
    }

    private void oddText() throws Exception {
        start(
                "name",
                "unshare",
                "--uts",
                "sh",
                "-c",
                "printf 'e\\033[31mvil\\377\\302\\233' >/proc/sys/kernel/hostname; " + SLEEP);
        start(
                "arguments",
                "unshare",
                "--net",
                "perl",
                "-e",
                "$|=1; print qq{ready\\n}; exec {'sleep'} qq{sl\\xff\\e[31m\\xc2\\x9beep\\nx\\xe2\\x80\\xa8\\xe2\\x80\\xae}, '300'");
        start(
                "long",
                "unshare",
                "--net",
                "perl",
                "-e",
                "exec 'perl', '-e', '$|=1; print qq{ready\\n}; sleep 300', ('x' x 131000) x 14");
    }

    private void withoutProcess() throws Exception {
        mount("mounted");
        mount("covered");
        mountOver("covered");
        start(
                "private mount",
                "unshare",
                "--mount",
                "--net",
                "sh",
                "-c",
                "mount --bind /proc/self/ns/net \"$0\" && exec unshare --net sh -c '" + SLEEP + "'",
                Files.createFile(file("private")).toString());
        mountInAMountNamespaceWithoutProcess();
        start(
                "descriptor",
                "unshare",
                "--net",
                "sh",
                "-c",
                "exec 9</proc/self/ns/net; exec unshare --net sh -c '" + SLEEP + "'");
        start(
                "socket",
                "unshare",
                "--net",
                "perl",
                "-MSocket",
                "-e",
                "$|=1; $^F=1000; socket(my $s, AF_INET, SOCK_DGRAM, 0) or die; open(my $h, '<', $ARGV[0]) or die;"
                        + "syscall(" + SETNS
                        + ", fileno($h), 0) == 0 or die; close $h; print qq{ready\\n}; exec 'sleep', '300'",
                "/proc/" + ProcessHandle.current().pid() + "/ns/net");
    }

    private void shared() throws Exception {
        start("three", "unshare", "--net", "sh", "-c", "sleep 300 & sleep 300 & " + SLEEP);
        start(
                "joined",
                "nsenter",
                "--target",
                Long.toString(pid("net")),
                "--net",
                "unshare",
                "--uts",
                "sh",
                "-c",
                SLEEP);
        start("in mounted", "nsenter", "--net=" + file("mounted with process"), "sh", "-c", SLEEP);
    }

    static boolean isHere(NamespaceType type) {
        return Files.exists(Path.of("/proc/self/ns", type.word()));
    }

    /** Starts it and waits until it says that it is ready. */
    long start(String name, String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        processes.push(process);
        String line =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (!"ready".equals(line)) {
            throw new IOException(List.of(command) + " says " + line);
        }
        pids.put(name, process.pid());
        return process.pid();
    }

    /** A network namespace that nothing but a mount holds. */
    private void mount(String name) throws Exception {
        Path file = file(name);
        Files.createFile(file);
        Run.command("unshare", "--net=" + file, "true");
        mounts.push(file);
        if (name.equals("mounted")) {
            mount("mounted with process");
        }
    }

    /** The mount namespace is kept by a mount, which must not be passed on into itself, and the network namespace by one in there. */
    private void mountInAMountNamespaceWithoutProcess() throws Exception {
        Path kept = Files.createDirectory(file("kept"));
        Run.command("mount", "--bind", kept.toString(), kept.toString());
        mounts.push(kept);
        Run.command("mount", "--make-private", kept.toString());
        Path file = Files.createFile(kept.resolve("mnt"));
        String inside = Files.createFile(file("inside")).toString();
        Run.command("unshare", "--net", "--mount=" + file, "mount", "--bind", "/proc/self/ns/net", inside);
        mounts.push(file);
    }

    private void mountOver(String name) throws Exception {
        Run.command("unshare", "--net=" + file(name), "true");
        mounts.push(file(name));
    }

    @Override
    public void close() throws Exception {
        List<ProcessHandle> all = new ArrayList<>();
        for (Process process : processes) {
            process.descendants().forEach(all::add);
            all.add(process.toHandle());
        }
        all.forEach(ProcessHandle::destroyForcibly);
        for (Process process : processes) {
            process.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        for (ProcessHandle handle : all) {
            Eventually.holds("process " + handle.pid() + " has ended", () -> !handle.isAlive());
        }
        mounts.forEach(file -> {
            try {
                Run.command("umount", file.toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.close();
    }
}
