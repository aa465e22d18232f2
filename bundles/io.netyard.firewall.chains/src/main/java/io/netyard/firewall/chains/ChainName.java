package io.netyard.firewall.chains;

import io.netyard.api.firewall.Point;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a chain that is Netyard's: {@code netyard-POLICY-} and three characters, together at most 28 (XT_EXTENSION_MAXNAMELEN less
 * the closing NUL, linux/netfilter/x_tables.h).
 *
 * @param policy a policy's name, which may contain hyphens itself
 * @param letter what kind of chain it is
 * @param number 0 to 1295, distinguishes chains of one kind; written with two digits of base 36
 */
public record ChainName(String policy, char letter, int number) {

    /** One more than the largest number. */
    public static final int NUMBERS = 36 * 36;

    private static final Pattern FORM = Pattern.compile("netyard-(.+)-([a-zA-Z])([0-9a-z]{2})");

    public ChainName {
        if (number < 0 || number >= NUMBERS) {
            throw new IllegalArgumentException("a chain's number must be 0..%d, was %d".formatted(NUMBERS - 1, number));
        }
    }

    /** The first chain of a point. */
    public static ChainName first(String policy, Point point) {
        return new ChainName(policy, letter(point), 0);
    }

    /** Reads a name; empty if it is not one of these. */
    public static Optional<ChainName> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        return Optional.of(new ChainName(form.group(1), form.group(2).charAt(0), Integer.parseInt(form.group(3), 36)));
    }

    /** A letter for the chains of a point. */
    public static char letter(Point point) {
        return switch (point) {
            case INGRESS -> 'g';
            case FORWARD -> 'f';
            case INPUT -> 'i';
            case OUTPUT -> 'o';
            case PREROUTING -> 'p';
            case POSTROUTING -> 'q';
        };
    }

    @Override
    public String toString() {
        String digits = Integer.toString(number, 36);
        return "netyard-%s-%c%s%s".formatted(policy, letter, digits.length() < 2 ? "0" : "", digits);
    }
}
