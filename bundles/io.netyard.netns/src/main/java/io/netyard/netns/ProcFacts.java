package io.netyard.netns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The facts as /proc shows them now. */
final class ProcFacts implements ProcessFacts {

    @Override
    public Optional<Status> status(long pid) {
        return read(pid, "status").flatMap(ProcFacts::parseStatus);
    }

    /** Empty if it is not such a file. The first line is the name and may contain anything but a line break. */
    static Optional<Status> parseStatus(String status) {
        long parent = -1;
        long uid = -1;
        int depth = 1; // a kernel without pid namespaces has no NSpid
        long pidInside = -1;
        for (String line : status.split("\n")) {
            int colon = line.indexOf(':');
            String key = colon < 0 ? "" : line.substring(0, colon);
            try {
                switch (key) {
                    case "PPid" ->
                        parent = Long.parseLong(line.substring(colon + 1).strip());
                    case "Pid" ->
                        pidInside = Long.parseLong(line.substring(colon + 1).strip());
                    case "Uid" -> uid = Long.parseLong(words(line, colon)[1]);
                    case "NSpid" -> {
                        String[] pids = words(line, colon);
                        depth = pids.length;
                        pidInside = Long.parseLong(pids[pids.length - 1]);
                    }
                    default -> {
                        // Of no interest here.
                    }
                }
            } catch (RuntimeException e) {
                return Optional.empty();
            }
        }
        return parent < 0 || uid < 0 || pidInside < 0
                ? Optional.empty()
                : Optional.of(new Status(parent, uid, depth, pidInside));
    }

    private static String[] words(String line, int colon) {
        return line.substring(colon + 1).strip().split("\\s+");
    }

    @Override
    public OptionalLong mountNamespace(long pid) {
        return Processes.inode(Processes.directory(pid).resolve("ns/mnt"));
    }

    @Override
    public OptionalLong pidNamespace(long pid) {
        return Processes.inode(Processes.directory(pid).resolve("ns/pid"));
    }

    @Override
    public List<String> cgroups(long pid) {
        List<String> paths = new ArrayList<>();
        for (String line : read(pid, "cgroup").orElse("").split("\n")) {
            // cgroups(7): HIERARCHY:CONTROLLERS:PATH; only the path may contain a colon.
            String[] fields = line.split(":", 3);
            if (fields.length == 3) {
                paths.add(fields[2]);
            }
        }
        return paths;
    }

    @Override
    public List<String> command(long pid) {
        String all = Processes.arguments(pid);
        if (all.isEmpty()) {
            return List.of();
        }
        // One that has set its title ends it with one NUL, or with all that was left of its arguments.
        return List.of(all.split("\0"));
    }

    private static Optional<String> read(long pid, String file) {
        Path path = Processes.directory(pid).resolve(file);
        try {
            return Optional.of(new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
