package io.netyard.firewall.nftables;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tables that are not marked as Netyard's, read from {@code nft list ruleset}; those that iptables-nft keeps are among them. */
final class OtherTables {

    private static final Pattern TABLE = Pattern.compile("table (\\S+) (\\S+) \\{.*");

    private OtherTables() {}

    /** @return for each with rules in it: "12 rules of table inet filter" */
    static List<String> of(String listing) {
        List<String> others = new ArrayList<>();
        String table = "";
        boolean chain = false;
        int rules = 0;
        for (String line : listing.lines().toList()) {
            Matcher begin = TABLE.matcher(line);
            if (begin.matches()) {
                table = Tables.policyOf(begin.group(2)).isEmpty() ? begin.group(1) + " " + begin.group(2) : "";
                rules = 0;
            } else if (line.equals("}")) {
                if (!table.isEmpty() && rules > 0) {
                    others.add("%d %s of table %s".formatted(rules, rules == 1 ? "rule" : "rules", table));
                }
            } else if (line.startsWith("\tchain ")) {
                chain = Tables.policyOf(line.substring("\tchain ".length())).isEmpty();
            } else if (line.equals("\t}")) {
                chain = false;
            } else if (chain && isRule(line)) {
                rules++;
            }
        }
        return others;
    }

    /** What else is in a chain is its hook and its comment; a jump to a chain of Netyard's is Netyard's. */
    private static boolean isRule(String line) {
        String text = line.strip();
        return !text.isEmpty()
                && !text.startsWith("type ")
                && !text.startsWith("comment ")
                && !text.startsWith("policy ")
                && !text.contains("jump " + Tables.PREFIX);
    }
}
