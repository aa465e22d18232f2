package io.netyard.firewall.iptables;

import io.netyard.api.firewall.Point;
import io.netyard.api.firewall.Policy;
import io.netyard.firewall.chains.ChainName;
import io.netyard.firewall.chains.ChainProgram;
import io.netyard.firewall.chains.ChainRule;
import io.netyard.firewall.chains.Saved.Jump;
import io.netyard.firewall.chains.Saved.Own;
import io.netyard.firewall.chains.Saved.SavedRule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a policy becomes in each family that it needs; pure. */
final class IptablesProgram {

    private final Policy policy;
    private final Map<IpFamily, List<ChainProgram>> programs = new EnumMap<>(IpFamily.class);

    IptablesProgram(Policy policy) {
        this.policy = policy;
        Collection<Point> points = policy.points();
        for (IpFamily family : IpFamily.values()) {
            IptablesDialect dialect = new IptablesDialect(family, policy.layer());
            List<ChainProgram> all = points.stream()
                    .map(point -> ChainProgram.of(policy, point, dialect))
                    .toList();
            if (!all.stream().allMatch(ChainProgram::isEmpty)) {
                programs.put(family, all);
            }
        }
        if (programs.isEmpty()) {
            // Lets everything through; it must be known to be there all the same.
            Point point = policy.layer().points().iterator().next();
            IpFamily family = IpFamily.IPV4;
            programs.put(family, List.of(ChainProgram.of(policy, point, new IptablesDialect(family, policy.layer()))));
        }
    }

    Set<IpFamily> families() {
        return programs.keySet();
    }

    /**
     * The chains as the tool is to be given them.
     *
     * @param bridgeNetfilter whether bridged frames may come to the IP hooks
     */
    Own own(IpFamily family, String seal, boolean bridgeNetfilter) {
        Map<String, List<SavedRule>> chains = new LinkedHashMap<>();
        List<Jump> jumps = new ArrayList<>();
        String digits =
                families().stream().map(each -> String.valueOf(each.digit())).collect(Collectors.joining());
        String mark =
                comment(new Mark(policy.fingerprint(), digits, policy.rules().size(), seal).toString());
        for (ChainProgram program : programs.getOrDefault(family, List.of())) {
            program.chains().forEach((chain, rules) -> {
                List<SavedRule> texts = new ArrayList<>();
                if (chains.isEmpty()) {
                    texts.add(new SavedRule(mark, 0, 0));
                }
                rules.forEach(rule -> texts.add(new SavedRule(text(rule), 0, 0)));
                chains.put(chain.toString(), texts);
            });
            jumps.add(jump(program.first(), bridgeNetfilter));
        }
        return new Own(chains, jumps);
    }

    private Jump jump(ChainName first, boolean bridgeNetfilter) {
        Point point = policy.layer().points().stream()
                .filter(candidate -> ChainName.letter(candidate) == first.letter())
                .findFirst()
                .orElseThrow();
        String restriction = Hook.restriction(policy, point, bridgeNetfilter);
        return new Jump(Hook.chain(point), 1, words(restriction, "-j " + first));
    }

    private static String text(ChainRule rule) {
        String comment =
                rule.counts().isPresent() ? comment(Mark.counted(rule.counts().getAsInt())) : "";
        return words(rule.match(), comment, "-j " + rule.target());
    }

    private static String comment(String text) {
        return "-m comment --comment " + text;
    }

    private static String words(String... words) {
        return java.util.Arrays.stream(words).filter(word -> !word.isEmpty()).collect(Collectors.joining(" "));
    }
}
