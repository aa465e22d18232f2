package io.netyard.api;

import java.nio.charset.StandardCharsets;

/** Text from outside (files, other processes, the kernel), made safe to print. */
public final class Text {

    private static final int REPLACEMENT = 0xFFFD;

    private Text() {}

    /**
     * Replaces control characters (C0, C1, DEL), separators of lines and paragraphs, what changes the direction of text or is not seen
     * (Unicode's category Cf), and halves of surrogate pairs: foreign text can neither forge lines of ours nor send escape codes to a
     * terminal.
     */
    public static String printable(String foreign) {
        StringBuilder out = new StringBuilder(foreign.length());
        foreign.codePoints().forEach(c -> out.appendCodePoint(isHarmless(c) ? c : REPLACEMENT));
        return out.toString();
    }

    /** Decodes UTF-8, replaces what is not, and makes it printable. */
    public static String printable(byte[] foreign) {
        return printable(new String(foreign, StandardCharsets.UTF_8));
    }

    private static boolean isHarmless(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
