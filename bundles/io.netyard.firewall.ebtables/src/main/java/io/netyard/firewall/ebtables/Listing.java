package io.netyard.firewall.ebtables;

import io.netyard.firewall.chains.Saved;
import io.netyard.firewall.chains.Saved.Jump;
import io.netyard.firewall.chains.Saved.Own;
import io.netyard.firewall.chains.Saved.SavedRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code ebtables -L --Lc} writes and what {@code ebtables-restore} reads; pure. */
final class Listing {

    private static final Pattern CHAIN = Pattern.compile("Bridge chain: (\\S+), entries: .*");
    private static final Pattern RULE = Pattern.compile("(-.*?)\\s*, pcnt = ([0-9]+) -- bcnt = ([0-9]+)\\s*");

    private Listing() {}

    /** Reads the listing of a table. */
    static Saved parse(String listing) {
        Saved.Builder table = new Saved.Builder();
        String chain = "";
        for (String line : listing.split("\n")) {
            Matcher head = CHAIN.matcher(line);
            Matcher rule = RULE.matcher(line);
            if (head.matches()) {
                chain = head.group(1);
                table.chain(chain);
            } else if (rule.matches()) {
                table.rule(
                        chain,
                        new SavedRule(rule.group(1), Long.parseLong(rule.group(2)), Long.parseLong(rule.group(3))));
            }
        }
        return table.build();
    }

    /**
     * What adds chains and takes others away, in one load; to be restored without flushing.
     *
     * @param present names of all chains that are there; those of them that come again are emptied first
     * @param goneMarks further chains that go
     */
    static String change(String table, Set<String> present, Own come, Own gone, Set<String> goneMarks) {
        List<String> lines = new ArrayList<>();
        lines.add("*" + table);
        for (String chain : come.chains().keySet()) {
            lines.add(":" + chain + " RETURN");
            if (present.contains(chain)) {
                lines.add("-F " + chain);
            }
        }
        lines.addAll(rules(come));
        gone.jumps().forEach(jump -> lines.add("-D " + jump.chain() + " " + jump.text()));
        List<String> chains = gone.chains().keySet().stream()
                .filter(chain -> !come.chains().containsKey(chain))
                .toList();
        chains.forEach(chain -> lines.add("-F " + chain));
        chains.forEach(chain -> lines.add("-X " + chain));
        goneMarks.forEach(chain -> lines.add("-X " + chain));
        return String.join("\n", lines) + "\n";
    }

    /** The rules of a policy, and the jumps to them. */
    static List<String> rules(Own own) {
        List<String> lines = new ArrayList<>();
        own.chains().forEach((chain, rules) -> rules.forEach(rule -> lines.add("-A " + chain + " " + rule.text())));
        for (Jump jump : own.jumps()) {
            lines.add("-I %s %d %s".formatted(jump.chain(), jump.position(), jump.text()));
        }
        return lines;
    }
}
