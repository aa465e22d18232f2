package io.netyard.firewall.nftables;

import io.netyard.api.firewall.FirewallBackend.Loaded;
import io.netyard.api.firewall.FirewallBackend.RuleCount;
import io.netyard.api.firewall.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What is in force, read from {@code nft list ruleset}. */
final class LoadedTables {

    private static final Pattern TABLE = Pattern.compile("table (bridge|inet) (\\S+) \\{.*");
    private static final Pattern COMMENT = Pattern.compile(
            "\\s+comment \"" + Tables.MARK + " (link|network|nat) ([0-9a-f]{12}) (\\d{1,6}) (\\d{1,6})\"");
    private static final Pattern HOOK = Pattern.compile("\\s+type (filter|nat) hook .*; policy accept;");
    private static final Pattern RULE =
            Pattern.compile(".*?(?:\\scounter packets (\\d+) bytes (\\d+).*)?\\scomment \"(\\S+)\"");

    /** Stands for a fingerprint where what is there is not what was loaded. */
    private static final String CHANGED = "changed";

    private final List<Loaded> loaded = new ArrayList<>();

    private String policy = "";
    private String family = "";
    private Layer layer = Layer.NETWORK;
    private String fingerprint = CHANGED;
    private int policyRules;
    private int expected;
    private int chains;
    private int hooks;
    private int rules;
    private boolean changed;
    private int last;
    private final Map<Integer, RuleCount> counts = new TreeMap<>();

    private LoadedTables() {}

    /** @param listing what nft printed; of foreign tables it may say anything */
    static List<Loaded> parse(String listing) {
        LoadedTables tables = new LoadedTables();
        listing.lines().forEach(tables::line);
        return tables.loaded;
    }

    private void line(String line) {
        Matcher table = TABLE.matcher(line);
        if (table.matches()) {
            begin(table.group(1), Tables.policyOf(table.group(2)));
        } else if (policy.isEmpty() || line.isBlank()) {
            return;
        } else if (line.equals("}")) {
            end();
        } else {
            inside(line);
        }
    }

    private void begin(String family, String policy) {
        this.family = family;
        this.policy = policy;
        this.layer = family.equals("bridge") ? Layer.LINK : Layer.NETWORK;
        fingerprint = CHANGED;
        policyRules = 0;
        expected = 0;
        chains = 0;
        hooks = 0;
        rules = 0;
        changed = false;
        last = 0;
        counts.clear();
    }

    private void inside(String line) {
        Matcher comment = COMMENT.matcher(line);
        Matcher rule = RULE.matcher(line);
        if (comment.matches() && chains == 0) {
            layer = Layer.valueOf(comment.group(1).toUpperCase(java.util.Locale.ROOT));
            fingerprint = comment.group(2);
            policyRules = Integer.parseInt(comment.group(3));
            expected = Integer.parseInt(comment.group(4));
        } else if (line.startsWith("\tchain ")) {
            chains++;
            last = 0;
        } else if (HOOK.matcher(line).matches()) {
            hooks++;
        } else if (line.equals("\t}")) {
            return;
        } else if (rule.matches()) {
            rules++;
            count(rule);
        } else {
            // A rule without our number, a set, a chain of somebody else, "flags dormant".
            changed = true;
        }
    }

    private void count(Matcher rule) {
        String number = rule.group(3);
        if (!number.matches("\\d{1,6}")) {
            changed |= !number.equals(Tables.GUARD) && !number.equals(Tables.OTHERWISE);
            return;
        }
        int index = Integer.parseInt(number);
        changed |= index < last || rule.group(1) == null;
        last = index;
        if (rule.group(1) != null) {
            counts.merge(
                    index,
                    new RuleCount(Long.parseLong(rule.group(1)), Long.parseLong(rule.group(2))),
                    (a, b) -> new RuleCount(a.packets() + b.packets(), a.bytes() + b.bytes()));
        }
    }

    private void end() {
        boolean whole = !changed
                && chains == hooks
                && rules == expected
                && Tables.family(layer).equals(family);
        List<RuleCount> inOrder = new ArrayList<>();
        for (int i = 1; i <= policyRules; i++) {
            inOrder.add(counts.getOrDefault(i, new RuleCount(0, 0)));
        }
        loaded.add(new Loaded(policy, layer, whole ? fingerprint : CHANGED, inOrder));
        policy = "";
    }
}
