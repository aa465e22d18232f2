package io.netyard.netns.inventory;

import io.netyard.api.Text;
import io.netyard.api.inventory.HostProcess;
import io.netyard.kernel.ProcessDirectory;
import io.netyard.kernel.UserNames;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Reads what /proc tells of a process. Safe for use from several threads; remembers the names of users, so it lives for one look. */
final class ProcessReader {

    /** Bytes of a command line that are read: enough to know it by, little enough to be printed by the hundred. */
    static final int COMMAND = 4096;

    private static final int STAT = 4096;
    private static final int STATUS = 4096;

    /** After the name in parentheses: fields 3, 4 and 22 of proc_pid_stat(5). */
    private static final int PARENT = 1;

    private static final int START_TIME = 19;

    private static final String UID = "\nUid:\t";

    private final Map<Long, String> users = new ConcurrentHashMap<>();

    /** Empty if it has just ended. */
    Optional<HostProcess> of(ProcessDirectory process) {
        return process.read("stat", STAT).flatMap(stat -> process.read("status", STATUS)
                .flatMap(status -> of(process.pid(), stat, status, commandLine(process))));
    }

    private Optional<HostProcess> of(long pid, byte[] stat, byte[] status, byte[] arguments) {
        int open = indexOf(stat, '(', 0);
        int close = lastIndexOf(stat, ')');
        if (open < 0 || close < open) {
            return Optional.empty();
        }
        String[] fields = new String(stat, close + 1, stat.length - close - 1, StandardCharsets.US_ASCII)
                .strip()
                .split(" ", -1);
        if (fields.length <= START_TIME) {
            return Optional.empty();
        }
        long uid = effectiveUid(new String(status, StandardCharsets.ISO_8859_1));
        return Optional.of(new HostProcess(
                pid,
                Long.parseLong(fields[PARENT]),
                Long.parseLong(fields[START_TIME]),
                uid,
                users.computeIfAbsent(uid, ProcessReader::user),
                command(arguments, Arrays.copyOfRange(stat, open + 1, close))));
    }

    /** The arguments as they are; none of a kernel thread, a zombie, and a process whose memory may not be read. */
    private static byte[] commandLine(ProcessDirectory process) {
        return process.read("cmdline", COMMAND + 1).orElseGet(() -> new byte[0]);
    }

    /**
     * @param arguments each ended by a NUL, or whatever the process has written over them; may be cut
     * @param name what the kernel calls it
     */
    static String command(byte[] arguments, byte[] name) {
        int end = Math.min(arguments.length, COMMAND);
        while (end > 0 && (arguments[end - 1] == 0 || arguments[end - 1] == ' ')) {
            end--;
        }
        if (end == 0) {
            return "[" + Text.printable(name) + "]";
        }
        byte[] words = Arrays.copyOf(arguments, end);
        for (int i = 0; i < end; i++) {
            if (words[i] == 0) {
                words[i] = ' ';
            }
        }
        return Text.printable(words) + (arguments.length > COMMAND ? "…" : "");
    }

    /** Real, effective, saved and file system id stand in a line. The owner of the directory is root if the process may not be dumped. */
    private static long effectiveUid(String status) {
        int line = status.indexOf(UID);
        if (line < 0) {
            return 0;
        }
        int start = status.indexOf('\t', line + UID.length()) + 1;
        return Long.parseLong(status, start, status.indexOf('\t', start), 10);
    }

    private static String user(long uid) {
        return UserNames.of(uid).map(Text::printable).orElseGet(() -> Long.toString(uid));
    }

    private static int indexOf(byte[] bytes, char wanted, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int lastIndexOf(byte[] bytes, char wanted) {
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
