package io.netyard.container;

import java.util.regex.Pattern;

/** What Docker and Podman know containers by: 64 hexadecimal digits, of which people are shown the first twelve. */
final class ContainerId {

    private static final Pattern FULL = Pattern.compile("[0-9a-f]{64}");
    private static final int SHORT = 12;

    private ContainerId() {}

    static boolean isOne(String text) {
        return FULL.matcher(text).matches();
    }

    static String shortened(String id) {
        return id.substring(0, SHORT);
    }
}
