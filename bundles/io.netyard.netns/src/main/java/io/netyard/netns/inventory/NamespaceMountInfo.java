package io.netyard.netns.inventory;

import io.netyard.api.inventory.NamespaceId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A mount of a namespace's file, as /proc/PID/mountinfo shows it (proc_pid_mountinfo(5)).
 *
 * @param point where, as the process sees it whose mountinfo that is
 */
public record NamespaceMountInfo(NamespaceId id, String point) {

    private static final byte[] NSFS = " - nsfs ".getBytes(StandardCharsets.US_ASCII);

    private static final int ROOT = 3;
    private static final int POINT = 4;

    /** Those in a whole file, in mount order; one point can occur more than once. Only their lines are decoded: files can be large. */
    public static List<NamespaceMountInfo> all(byte[] mountinfo) {
        List<NamespaceMountInfo> found = new ArrayList<>();
        int start = 0;
        int hyphen = -1;
        for (int i = 0; i <= mountinfo.length; i++) {
            if (i == mountinfo.length || mountinfo[i] == '\n') {
                if (hyphen >= 0) {
                    parse(new String(mountinfo, start, i - start, StandardCharsets.UTF_8))
                            .ifPresent(found::add);
                }
                start = i + 1;
                hyphen = -1;
            } else if (mountinfo[i] == '-' && hyphen < 0 && isNsfs(mountinfo, i - 1)) {
                hyphen = i;
            }
        }
        return found;
    }

    /** One line: {@code 36 35 0:4 net:[4026532281] /run/netns/blue rw shared:5 - nsfs nsfs rw}. */
    public static Optional<NamespaceMountInfo> parse(String line) {
        if (!line.contains(" - nsfs ")) {
            return Optional.empty();
        }
        String[] fields = line.split(" ", POINT + 2);
        return fields.length > POINT
                ? NamespaceId.parse(fields[ROOT]).map(id -> new NamespaceMountInfo(id, unescaped(fields[POINT])))
                : Optional.empty();
    }

    /** Where the mount of any line is; empty if it is no such line. */
    public static Optional<String> point(String line) {
        String[] fields = line.split(" ", POINT + 2);
        return fields.length > POINT ? Optional.of(unescaped(fields[POINT])) : Optional.empty();
    }

    private static boolean isNsfs(byte[] bytes, int from) {
        if (from < 0 || from + NSFS.length > bytes.length) {
            return false;
        }
        for (int i = 0; i < NSFS.length; i++) {
            if (bytes[from + i] != NSFS[i]) {
                return false;
            }
        }
        return true;
    }

    /** Blank, tab, newline and backslash are written as a backslash and three octal digits. */
    private static String unescaped(String field) {
        if (field.indexOf('\\') < 0) {
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
