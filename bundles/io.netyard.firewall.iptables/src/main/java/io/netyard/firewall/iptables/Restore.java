package io.netyard.firewall.iptables;

import io.netyard.firewall.chains.Saved;
import io.netyard.firewall.chains.Saved.Jump;
import io.netyard.firewall.chains.Saved.Own;
import io.netyard.firewall.chains.Saved.SavedRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The language of iptables-save(8) and iptables-restore(8); pure. */
final class Restore {

    private static final Pattern RULE = Pattern.compile("\\[([0-9]+):([0-9]+)\\] -A (\\S+) ?(.*)");

    private Restore() {}

    /** Reads {@code iptables-save -c}. @return by table */
    static Map<String, Saved> parse(String listing) {
        Map<String, Saved.Builder> tables = new LinkedHashMap<>();
        Saved.Builder table = new Saved.Builder();
        for (String line : listing.split("\n")) {
            Matcher rule = RULE.matcher(line);
            if (line.startsWith("*")) {
                table = tables.computeIfAbsent(line.substring(1).strip(), name -> new Saved.Builder());
            } else if (line.startsWith(":")) {
                table.chain(line.substring(1).split(" ", 2)[0]);
            } else if (rule.matches()) {
                table.rule(
                        rule.group(3),
                        new SavedRule(rule.group(4), Long.parseLong(rule.group(1)), Long.parseLong(rule.group(2))));
            }
        }
        Map<String, Saved> built = new LinkedHashMap<>();
        tables.forEach((name, builder) -> built.put(name, builder.build()));
        return built;
    }

    /** What makes {@code wanted} of {@code present} in one commit, to be restored without flushing. */
    static String replacement(String table, Own present, Own wanted) {
        List<String> lines = new ArrayList<>();
        lines.add("*" + table);
        // Makes a chain, or empties it.
        wanted.chains().keySet().forEach(chain -> lines.add(":" + chain + " - [0:0]"));
        present.jumps().forEach(jump -> lines.add("-D " + jump.chain() + " " + jump.text()));
        List<String> gone = present.chains().keySet().stream()
                .filter(chain -> !wanted.chains().containsKey(chain))
                .toList();
        gone.forEach(chain -> lines.add("-F " + chain));
        gone.forEach(chain -> lines.add("-X " + chain));
        lines.addAll(rules(wanted));
        lines.add("COMMIT");
        return String.join("\n", lines) + "\n";
    }

    /** What makes jumps ask one thing more, where they stand. */
    static String narrowed(String table, List<Jump> jumps, String match) {
        List<String> lines = new ArrayList<>();
        lines.add("*" + table);
        for (Jump jump : jumps) {
            lines.add("-D " + jump.chain() + " " + jump.text());
            lines.add("-I %s %d %s %s".formatted(jump.chain(), jump.position(), match, jump.text()));
        }
        lines.add("COMMIT");
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
