package io.netyard.container;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Names of systemd's units, which are also the names of their control groups: see systemd.unit(5) and systemd-escape(1). */
final class SystemdUnit {

    private static final int ESCAPE = "\\x2d".length();

    private SystemdUnit() {}

    /** What stands between, with its escapes decoded; empty if the unit is not called so. */
    static Optional<String> between(String prefix, String unit, String suffix) {
        return unit.startsWith(prefix) && unit.endsWith(suffix) && unit.length() > prefix.length() + suffix.length()
                ? Optional.of(unescape(unit.substring(prefix.length(), unit.length() - suffix.length())))
                : Optional.empty();
    }

    /** {@code \x2d} is a byte; a hyphen stays what it is, as no name of a container has the slash that it may stand for. */
    static String unescape(String escaped) {
        byte[] bytes = escaped.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
        int i = 0;
        while (i < bytes.length) {
            int value = bytes[i] == '\\' && i + ESCAPE <= bytes.length && bytes[i + 1] == 'x'
                    ? hex(bytes[i + 2], bytes[i + ESCAPE - 1])
                    : -1;
            out.write(value < 0 ? bytes[i] : value);
            i += value < 0 ? 1 : ESCAPE;
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static int hex(byte high, byte low) {
        int h = Character.digit(high, 16);
        int l = Character.digit(low, 16);
        return h < 0 || l < 0 ? -1 : h * 16 + l;
    }
}
