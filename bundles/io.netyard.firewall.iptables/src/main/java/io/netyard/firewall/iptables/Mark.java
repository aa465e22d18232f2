package io.netyard.firewall.iptables;

import io.netyard.firewall.chains.Saved.SavedRule;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The comment that says whose chains these are.
 *
 * @param fingerprint of the policy
 * @param families digits of the {@link IpFamily families} that have chains of this policy
 * @param rules how many rules the policy has
 * @param seal of the policy's chains in this family
 */
record Mark(String fingerprint, String families, int rules, String seal) {

    static final int SEAL_LENGTH = 8;

    /** As long as a seal. */
    static final String UNSEALED = "0".repeat(SEAL_LENGTH);

    private static final Pattern FORM =
            Pattern.compile("netyard=([0-9a-f]{12})/([46]{1,2})/([0-9]{1,6})/([0-9a-f]{" + SEAL_LENGTH + "})");

    private static final Pattern COUNTED = Pattern.compile("netyard-rule:([0-9]{1,6})");

    static Optional<Mark> in(String text) {
        Matcher form = FORM.matcher(text);
        return form.find()
                ? Optional.of(new Mark(form.group(1), form.group(2), Integer.parseInt(form.group(3)), form.group(4)))
                : Optional.empty();
    }

    /** A rule without its seal, and without what depends on the namespace. */
    static String plain(String text) {
        return FORM.matcher(text).replaceAll("netyard=$1/$2/$3/" + UNSEALED).replace(Hook.NOT_BRIDGED + " ", "");
    }

    /** What marks a rule as counting for a rule of the policy. */
    static String counted(int rule) {
        return "netyard-rule:" + rule;
    }

    /** The policy's rule that a rule counts for. */
    static OptionalInt counted(SavedRule rule) {
        Matcher form = COUNTED.matcher(rule.text());
        return form.find() ? OptionalInt.of(Integer.parseInt(form.group(1))) : OptionalInt.empty();
    }

    @Override
    public String toString() {
        return "netyard=%s/%s/%d/%s".formatted(fingerprint, families, rules, seal);
    }
}
