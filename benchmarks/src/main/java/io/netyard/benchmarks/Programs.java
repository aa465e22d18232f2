package io.netyard.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The programs of {@code benchmarks/programs}, compiled into a directory of their own for as long as this is open. */
final class Programs implements AutoCloseable {

    private static final List<String> IN_C = List.of("kernel_limit", "namespaces_freed");

    static final String NO_MININET =
            "Mininet is left out, it is not installed: apt-get install --no-install-recommends mininet bridge-utils\n";

    private final Path sources;
    private final Path compiled;
    private final Thread atExit = new Thread(this::delete);

    /** @param sources the directory {@code benchmarks/programs} */
    Programs(Path sources) throws IOException, InterruptedException {
        this.sources = sources;
        compiled = Files.createTempDirectory("netyard-bench-");
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            for (String program : IN_C) {
                compile(program);
            }
        } catch (IOException | InterruptedException e) {
            close();
            throw e;
        }
    }

    private void compile(String program) throws IOException, InterruptedException {
        if (!isThere("gcc")) {
            throw new IOException(
                    "this benchmark compiles programs in C and there is no gcc: apt-get install gcc libc6-dev");
        }
        Program.run(List.of(
                "gcc",
                "-O2",
                "-o",
                compiled.resolve(program).toString(),
                sources.resolve(program + ".c").toString()));
    }

    static boolean isThere(String program) {
        return Stream.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin")
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** Whether Mininet and what its Linux bridge needs are installed. */
    static boolean isMininetThere() {
        return isThere("mnexec")
                && isThere("brctl")
                && Files.isDirectory(Path.of("/usr/lib/python3/dist-packages/mininet"));
    }

    Conversation kernelLimit(int nodes) throws IOException {
        return new Conversation(
                compiled, List.of(compiled.resolve("kernel_limit").toString(), Integer.toString(nodes)));
    }

    Conversation namespacesFreed() throws IOException {
        return new Conversation(
                compiled, List.of(compiled.resolve("namespaces_freed").toString()));
    }

    Conversation ipBatch(int nodes) throws IOException {
        return new Conversation(sources, List.of("unshare", "--mount", "./ip_batch.sh", Integer.toString(nodes)));
    }

    Conversation mininet(int nodes) throws IOException {
        return new Conversation(
                sources,
                List.of(
                        "unshare",
                        "--net",
                        "--mount",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        "/usr/bin/python3",
                        "mininet_network.py",
                        Integer.toString(nodes)));
    }

    Path directory() {
        return compiled;
    }

    private void delete() {
        try (Stream<Path> files = Files.walk(compiled)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            System.err.printf("%s is left: %s%n", compiled, e);
        }
    }

    @Override
    public void close() {
        delete();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
