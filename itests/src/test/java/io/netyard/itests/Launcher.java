package io.netyard.itests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * {@code ./netyard} as somebody calls it.
 *
 * @param as the words before the command that make it another user's; none for that of the test
 * @param launcher the launcher, perhaps of a copy
 * @param state the state directory, and the home
 */
record Launcher(List<String> as, Path launcher, Path state) {

    /** A whole start in the sandbox on a machine that is busy with other tests. In seconds. */
    static final long LIMIT_SECONDS = 240;

    /** What a command has said and how it ended. */
    record Result(int status, String out, String err) {}

    /** The launcher of what is tested. */
    static Path program() {
        return Path.of(System.getProperty("netyard.launcher"));
    }

    static Path labs() {
        return Path.of(System.getProperty("netyard.labs"));
    }

    Result run(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(as);
        command.add(launcher.toString());
        command.addAll(List.of(arguments));
        return execute(environment(), command, launcher.getParent());
    }

    /** One console command whose output a shell's command reads; the status is the launcher's if it is not 0. */
    Result piped(String command, String reader) throws Exception {
        List<String> shell = new ArrayList<>(as);
        shell.addAll(
                List.of("bash", "-c", "set -o pipefail; \"$0\" run \"$1\" | " + reader, launcher.toString(), command));
        return execute(environment(), shell, launcher.getParent());
    }

    /** One console command; the launcher gets a signal when it has written something. @return without its errors */
    Result signalled(String signal, String command) throws Exception {
        Path out = Files.createTempFile("out", null);
        try {
            List<String> line = new ArrayList<>(as);
            line.addAll(List.of(launcher.toString(), "run", command));
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(launcher.getParent().toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .redirectOutput(out.toFile());
            builder.environment().putAll(environment());
            Process process = builder.start();
            try {
                Console.await(() -> out.toFile().length() > 0);
                execute(List.of("kill", "-s", signal, Long.toString(process.pid())));
                if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError(command + " did not end");
                }
            } finally {
                process.destroyForcibly();
            }
            return new Result(process.exitValue(), Files.readString(out), "");
        } finally {
            Files.delete(out);
        }
    }

    private Map<String, String> environment() {
        return Map.of("NETYARD_STATE", state.toString(), "HOME", state.toString());
    }

    static Result execute(List<String> command) throws Exception {
        return execute(Map.of(), command, Path.of("/"));
    }

    static Result execute(Map<String, String> environment, List<String> command, Path directory) throws Exception {
        Path out = Files.createTempFile("out", null);
        Path err = Files.createTempFile("err", null);
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end: " + Files.readString(err));
            }
            return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** What an experiment's lab must be measured to be in one phase, as lines. */
    static String expectedPhase(String lab, String phase) throws IOException {
        StringBuilder lines = new StringBuilder();
        boolean wanted = false;
        try (var in = Launcher.class.getResourceAsStream("/expected/" + lab + ".txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                wanted = line.startsWith("phase ") ? line.equals("phase " + phase) : wanted;
                lines.append(wanted ? line + "\n" : "");
            }
        }
        return lines.toString();
    }

    /**
     * Copies the sources and the appliance that was built from them, with their times: they may lie where an ordinary user cannot read.
     * What git, the compilers and the tests keep is left out.
     */
    static void copyTo(Path to) throws IOException {
        Path from = program().getParent();
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                String name = from.relativize(directory).toString();
                if (name.equals(".git") || name.endsWith("target") && !name.equals("karaf-assembly/target")) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(to.resolve(name));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Command lines that mention the directory: an appliance or a guest that was forgotten. */
    static List<String> processesUsing(Path directory) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            for (Path process : processes
                    .filter(p -> p.getFileName().toString().matches("\\d+"))
                    .toList()) {
                try {
                    String command = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                    if (command.contains(directory.toString())) {
                        found.add(command.replace('\0', ' '));
                    }
                } catch (IOException e) {
                    // It ended while we looked.
                    continue;
                }
            }
        }
        return found;
    }
}
