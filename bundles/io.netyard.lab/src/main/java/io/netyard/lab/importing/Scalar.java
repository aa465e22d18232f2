package io.netyard.lab.importing;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Writes a text as one YAML scalar, quoted where YAML or its readers could take it for something else. */
final class Scalar {

    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*|[0-9]{1,4}|[0-9]+(\\.[0-9]+){3}(/[0-9]+)?");

    /** Between commas and blanks in a block, where a flow sequence would end. */
    private static final Pattern PLAIN_WORDS = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_./,-]*( [A-Za-z0-9_./,-]+)*");

    /** What YAML 1.1 and 1.2 readers take for a truth or for nothing. */
    private static final Set<String> WORDS = Set.of("true", "false", "yes", "no", "on", "off", "y", "n", "null");

    private Scalar() {}

    /** For a key, or a value anywhere. */
    static String of(String text) {
        return PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT)) ? text : quoted(text);
    }

    /** For an item of a block sequence. */
    static String line(String text) {
        boolean isPlain = PLAIN_WORDS.matcher(text).matches() && text.indexOf(' ') > 0;
        return isPlain ? text : of(text);
    }

    /** YAML 1.2, 7.3.1: whatever cannot be printed is written by its number. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
            } else if (c < ' ' || c > '~') {
                quoted.append("\\U%08x".formatted(c));
            } else {
                quoted.appendCodePoint(c);
            }
        });
        return quoted.append('"').toString();
    }
}
