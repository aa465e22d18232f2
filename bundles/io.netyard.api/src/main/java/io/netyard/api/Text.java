package io.netyard.api;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Text from outside (files, other processes, the kernel), made safe to print. */
public final class Text {

    private static final int REPLACEMENT = 0xFFFD;

    /** Nothing in it means anything to a shell, nor does it as a whole: no assignment, no tilde. */
    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+:,./=-]*");

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

    /**
     * One word of a command of a POSIX shell, quoted if need be: whatever the text holds, the shell passes it on as it is. Text that is not
     * {@link #printable(String) printable} is written byte by byte ({@code $'\\x1b'}), which bash and other shells read, so that the line stays
     * one line and harmless on a terminal.
     */
    public static String shellWord(String text) {
        if (PLAIN_WORD.matcher(text).matches()) {
            return text;
        }
        if (printable(text).equals(text)) {
            return "'" + text.replace("'", "'\\''") + "'";
        }
        StringBuilder word = new StringBuilder("$'");
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet < ' ' || octet == 0x7f) {
                word.append("\\x%02x".formatted(octet & 0xff));
            } else {
                word.append(octet == '\'' || octet == '\\' ? "\\" : "").append((char) octet);
            }
        }
        return word.append('\'').toString();
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
