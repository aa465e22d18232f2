package io.netyard.shell.console;

import io.netyard.api.Text;

/** A switch on a command line. */
public final class OnOff {

    private OnOff() {}

    /** @param word {@code on} or {@code off} */
    public static boolean parse(String word) {
        return switch (word) {
            case "on" -> true;
            case "off" -> false;
            default ->
                throw new IllegalArgumentException("expected on or off, not '%s'".formatted(Text.printable(word)));
        };
    }

    public static String text(boolean on) {
        return on ? "on" : "off";
    }
}
