package io.netyard.firewall.ebtables;

import io.netyard.firewall.chains.Saved.Own;
import io.netyard.firewall.chains.Saved.SavedRule;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a chain, with nothing in it, that says whose chains these are: ebtables has no comments. It is called from the policy's first
 * chain in each table.
 *
 * @param fingerprint of the policy
 * @param tables sum of the {@link Hook#bit bits} of the tables that have chains of this policy
 * @param seal of the policy's chains in this table
 */
record Mark(String fingerprint, int tables, String seal) {

    /** netyard, fingerprint and all that make 28 characters. */
    static final int SEAL_LENGTH = 6;

    /** As long as a seal. */
    static final String UNSEALED = "0".repeat(SEAL_LENGTH);

    private static final Pattern FORM =
            Pattern.compile("netyard-([0-9a-f]{12})-([1-3])([0-9a-f]{" + SEAL_LENGTH + "})(?![0-9a-zA-Z-])");

    /** Chains of the second generation: see {@link EbtablesProgram}. */
    private static final Pattern SECOND = Pattern.compile("netyard-[a-z0-9-]+-[A-Z][0-9a-z]{2}(?![0-9a-zA-Z-])");

    /** The marks that are called from these chains. */
    static List<Mark> in(Own own) {
        return own.chains().values().stream()
                .flatMap(List::stream)
                .map(SavedRule::target)
                .map(Mark::parse)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    private static Optional<Mark> parse(String target) {
        Matcher form = FORM.matcher(target);
        return form.matches()
                ? Optional.of(new Mark(form.group(1), Integer.parseInt(form.group(2)), form.group(3)))
                : Optional.empty();
    }

    /** A rule or a chain's name without its seal and its generation. */
    static String plain(String text) {
        String unsealed = FORM.matcher(text).replaceAll("netyard-$1-$2" + UNSEALED);
        return SECOND.matcher(unsealed).replaceAll(name -> name.group().toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return "netyard-%s-%d%s".formatted(fingerprint, tables, seal);
    }
}
