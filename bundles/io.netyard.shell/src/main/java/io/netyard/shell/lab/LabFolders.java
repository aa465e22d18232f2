package io.netyard.shell.lab;

import io.netyard.shell.console.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where lab files are looked for: the caller's directory, then the labs that come with Netyard.
 *
 * @param working the caller's directory
 * @param shipped folders of labs that come with Netyard, in order of preference; they need not exist
 */
record LabFolders(Path working, List<Path> shipped) {

    private static final List<String> ENDINGS = List.of("", ".yaml", ".yml");
    private static final String IN_REPOSITORY = "etc/labs/";

    /** The launcher sends the caller's directory in the session variable {@code NETYARD_CWD}. */
    static LabFolders of(Console console) {
        String callers = console.variable("NETYARD_CWD");
        Path working = Path.of(callers.isEmpty() ? System.getProperty("user.dir") : callers);
        List<Path> shipped = new ArrayList<>();
        Optional.ofNullable(System.getProperty("karaf.etc")).ifPresent(etc -> shipped.add(Path.of(etc, "labs")));
        Optional.ofNullable(System.getProperty("karaf.home"))
                .map(home -> Path.of(home, "etc", "labs"))
                .filter(folder -> !shipped.contains(folder))
                .ifPresent(shipped::add);
        return new LabFolders(working, shipped);
    }

    /**
     * A bare name, or a path as in the repository ({@code etc/labs/NAME.yaml}), also finds a lab that comes with Netyard.
     *
     * @return the file meant; if there is none, the path in the caller's directory, for the error to name
     */
    Path find(String meant) {
        Path direct = working.resolve(meant).normalize();
        if (Files.exists(direct)) {
            return direct;
        }
        if (meant.startsWith(IN_REPOSITORY)) {
            meant = meant.substring(IN_REPOSITORY.length());
        }
        if (meant.contains("/")) {
            return direct;
        }
        String name = meant;
        return Stream.concat(Stream.of(working), shipped.stream())
                .flatMap(folder -> ENDINGS.stream().map(ending -> folder.resolve(name + ending)))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(direct);
    }

    /** Names that {@link #find} finds, without a path and without their ending where it can be left out. */
    List<String> names() {
        return Stream.concat(Stream.of(working), shipped.stream())
                .flatMap(LabFolders::files)
                .map(file -> file.getFileName().toString().replaceFirst("\\.ya?ml$", ""))
                .distinct()
                .sorted()
                .toList();
    }

    /** @param begun what of a path is there already, with a slash; @return the lab files and directories that it can become */
    List<String> paths(String begun) {
        String directory = begun.substring(0, begun.lastIndexOf('/') + 1);
        Path folder = working.resolve(directory);
        if (!Files.isDirectory(folder) || !Files.isReadable(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName() + (Files.isDirectory(entry) ? "/" : ""))
                    .filter(name -> name.matches(".*(/|\\.ya?ml)") && !name.startsWith("."))
                    .map(directory::concat)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches(".*\\.ya?ml")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
