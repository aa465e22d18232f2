package io.netyard.netns;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A file on which a namespace is bind-mounted.
 *
 * @param type {@code net}, {@code uts}, ...
 * @param inode of the namespace
 * @param point where, as this mount namespace sees it
 */
record NamespaceMount(String type, long inode, Path point) {

    private static final Path MOUNTINFO = Path.of("/proc/self/mountinfo");

    /** Those that this process sees now, in mount order; one point can occur more than once. */
    static List<NamespaceMount> all() {
        return lines().flatMap(line -> parse(line).stream()).toList();
    }

    /** The network namespace on exactly this file, if one is mounted there. */
    static OptionalLong netAt(Path point) {
        return all().stream()
                .filter(mount -> mount.type().equals("net") && mount.point().equals(point))
                .mapToLong(NamespaceMount::inode)
                .findFirst();
    }

    /** True if anything at all is mounted there. */
    static boolean isMountPoint(Path point) {
        return lines().anyMatch(line -> field(line, 4).equals(point.toString()));
    }

    /** One line of proc_pid_mountinfo(5): {@code 36 35 0:4 net:[4026532281] /run/netns/blue rw shared:5 - nsfs nsfs rw}. */
    static Optional<NamespaceMount> parse(String line) {
        if (!line.contains(" - nsfs ")) {
            return Optional.empty();
        }
        String root = field(line, 3);
        int bracket = root.indexOf(":[");
        if (bracket < 0 || !root.endsWith("]")) {
            return Optional.empty();
        }
        try {
            long inode = Long.parseLong(root, bracket + 2, root.length() - 1, 10);
            return Optional.of(new NamespaceMount(root.substring(0, bracket), inode, Path.of(field(line, 4))));
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private static Stream<String> lines() {
        try {
            return Files.readString(MOUNTINFO, StandardCharsets.UTF_8).lines();
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    /** Blank, tab, newline and backslash are written as a backslash and three octal digits. */
    private static String field(String line, int index) {
        String[] fields = line.split(" ", index + 2);
        String field = fields.length > index ? fields[index] : "";
        int escape = field.indexOf('\\');
        if (escape < 0) {
            return field;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < field.length(); i++) {
            if (field.charAt(i) == '\\' && i + 3 < field.length()) {
                out.append((char) Integer.parseInt(field, i + 1, i + 4, 8));
                i += 3;
            } else {
                out.append(field.charAt(i));
            }
        }
        return out.toString();
    }
}
