package io.netyard.api;

/** Text from outside (files, other processes, the kernel), made safe to print. */
public final class Text {

    private Text() {}

    /**
     * Replaces control characters, so that foreign text can neither forge lines of ours nor send escape codes to a
     * terminal.
     */
    public static String printable(String foreign) {
        StringBuilder out = new StringBuilder(foreign.length());
        foreign.codePoints()
                .forEach(c -> out.appendCodePoint(
                        Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '\uFFFD' : c));
        return out.toString();
    }
}
