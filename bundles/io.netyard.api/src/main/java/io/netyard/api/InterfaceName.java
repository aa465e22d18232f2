package io.netyard.api;

import java.nio.charset.StandardCharsets;

/**
 * The name of a network interface, as the kernel accepts it (dev_valid_name in net/core/dev.c).
 *
 * @param value 1 to {@value #MAX_BYTES} bytes of UTF-8 (IFNAMSIZ less the closing NUL, linux/if.h), without slash, colon,
 *     percent sign (the kernel reads it as a pattern), white space or control characters, and neither "." nor ".."
 */
public record InterfaceName(String value) implements Comparable<InterfaceName> {

    /** IFNAMSIZ - 1, in bytes. */
    public static final int MAX_BYTES = 15;

    public InterfaceName {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("an interface name must not be empty");
        }
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException("interface name '%s' has %d bytes; Linux allows %d"
                    .formatted(Text.printable(value), bytes, MAX_BYTES));
        }
        if (value.equals(".") || value.equals("..")) {
            throw new IllegalArgumentException("'" + value + "' cannot be an interface name");
        }
        value.codePoints()
                .filter(c -> c == '/' || c == ':' || c == '%' || Character.isWhitespace(c) || Character.isISOControl(c))
                .findFirst()
                .ifPresent(c -> {
                    throw new IllegalArgumentException("interface name '%s' contains %s, which Linux does not allow"
                            .formatted(
                                    Text.printable(value),
                                    Text.printable("'" + new String(Character.toChars(c)) + "'")));
                });
    }

    @Override
    public int compareTo(InterfaceName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
