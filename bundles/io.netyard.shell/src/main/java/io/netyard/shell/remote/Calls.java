package io.netyard.shell.remote;

import io.netyard.shell.console.Caller;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The command lines that are running, by the names that their callers have given them. OpenSSH's client can send no signal to what it
 * runs (RFC 4254, 6.9), so a second connection brings it: {@code netyard-signal CALL NAME}. Safe for use from several threads.
 */
final class Calls {

    /** What ssh's SendEnv brings. */
    static final String VARIABLE = "NETYARD_CALL";

    private static final Pattern SIGNAL = Pattern.compile("netyard-signal ([A-Za-z0-9-]{1,64}) ([A-Z]{1,6})");

    /** The numbers of signal(7), the same on every architecture that Netyard runs on. */
    static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "QUIT", 3, "TERM", 15);

    private record Key(String user, String call) {}

    private final Map<Key, Caller> running = new ConcurrentHashMap<>();

    /** @param call may be null: then nobody can find it */
    void begin(String user, String call, Caller caller) {
        if (call != null) {
            running.put(new Key(user, call), caller);
        }
    }

    void end(String user, String call) {
        if (call != null) {
            running.remove(new Key(user, call));
        }
    }

    static boolean isSignal(String line) {
        return SIGNAL.matcher(line).matches();
    }

    /** @return true if the user has such a call, and it has been told */
    boolean signal(String user, String line) {
        Matcher matcher = SIGNAL.matcher(line);
        if (!matcher.matches()) {
            return false;
        }
        Caller caller = running.get(new Key(user, matcher.group(1)));
        Integer number = SIGNALS.get(matcher.group(2));
        if (caller == null || number == null) {
            return false;
        }
        caller.signal(number);
        return true;
    }
}
