package io.netyard.firewall.ebtables;

import io.netyard.api.firewall.Policy;
import io.netyard.firewall.chains.ChainName;
import io.netyard.firewall.chains.ChainProgram;
import io.netyard.firewall.chains.ChainRule;
import io.netyard.firewall.chains.Saved.Jump;
import io.netyard.firewall.chains.Saved.Own;
import io.netyard.firewall.chains.Saved.SavedRule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a policy becomes in each table that it needs; pure.
 *
 * <p>For lack of comments, what counts for the policy's rule number n is the last rule of a chain with the letter {@value #COUNTER} and that
 * number. A chain cannot be emptied and filled in one load by the legacy tool, so there are two generations of names, of which one is free.
 */
final class EbtablesProgram {

    /** Letter of the chains that count. */
    static final char COUNTER = 'c';

    private final Policy policy;
    private final Map<Hook, ChainProgram> programs = new EnumMap<>(Hook.class);

    EbtablesProgram(Policy policy) {
        this.policy = policy;
        if (policy.rules().size() > ChainName.NUMBERS) {
            throw new ChainProgram.TooLargeException(ChainName.NUMBERS + " rules");
        }
        for (Hook hook : Hook.values()) {
            if (policy.points().contains(hook.point())) {
                programs.put(hook, ChainProgram.of(policy, hook.point(), new EbtablesDialect()));
            }
        }
        if (programs.isEmpty()) {
            // Lets everything through; it must be known to be there all the same.
            programs.put(Hook.FORWARD, ChainProgram.of(policy, Hook.FORWARD.point(), new EbtablesDialect()));
        }
    }

    java.util.Set<Hook> hooks() {
        return programs.keySet();
    }

    /**
     * The chains as the tool is to be given them, in one table.
     *
     * @param second whether the names are to be those of the second generation
     * @param bridgeName whether the tool can tell bridges from each other here
     */
    Own own(Hook hook, String seal, boolean second, boolean bridgeName) {
        ChainProgram program = programs.get(hook);
        if (program == null) {
            return Own.NONE;
        }
        Map<String, List<SavedRule>> chains = new LinkedHashMap<>();
        chains.put(mark(seal).toString(), List.of());
        for (int i = 0; i < policy.rules().size(); i++) {
            if (policy.rules().get(i).point() == hook.point()) {
                chains.put(counter(i, second), new ArrayList<>());
            }
        }
        program.chains().forEach((chain, rules) -> {
            List<SavedRule> texts = new ArrayList<>();
            if (chain.equals(program.first())) {
                texts.add(rule("", mark(seal).toString()));
            }
            rules.forEach(rule -> texts.addAll(lowered(rule, second, chains)));
            chains.put(name(chain, second), texts);
        });
        String restriction = bridgeName ? Hook.restriction(policy) + " " : "";
        return new Own(chains, List.of(new Jump(hook.chain(), 1, restriction + "-j " + name(program.first(), second))));
    }

    Mark mark(String seal) {
        return new Mark(
                policy.fingerprint(), hooks().stream().mapToInt(Hook::bit).sum(), seal);
    }

    private List<SavedRule> lowered(ChainRule rule, boolean second, Map<String, List<SavedRule>> chains) {
        String target =
                ChainName.parse(rule.target()).map(chain -> name(chain, second)).orElse(rule.target());
        if (rule.counts().isEmpty()) {
            return List.of(rule(rule.match(), target));
        }
        String counter = counter(rule.counts().getAsInt(), second);
        List<SavedRule> counting = chains.get(counter);
        if (counting.isEmpty()) {
            counting.add(rule("", target));
        }
        // To leave the counter's chain is not to leave this one.
        return target.equals(ChainRule.RETURN)
                ? List.of(rule(rule.match(), counter), rule(rule.match(), ChainRule.RETURN))
                : List.of(rule(rule.match(), counter));
    }

    private static SavedRule rule(String match, String target) {
        return new SavedRule((match + " -j " + target).strip(), 0, 0);
    }

    private String counter(int index, boolean second) {
        return name(new ChainName(policy.name(), COUNTER, index), second);
    }

    private static String name(ChainName chain, boolean second) {
        return second
                ? new ChainName(chain.policy(), Character.toUpperCase(chain.letter()), chain.number()).toString()
                : chain.toString();
    }

    /** Whether some of these chains are of the first generation, or of the second. */
    static boolean has(Own own, boolean second) {
        return own.chains().keySet().stream()
                .map(ChainName::parse)
                .anyMatch(name ->
                        name.isPresent() && Character.isUpperCase(name.get().letter()) == second);
    }
}
