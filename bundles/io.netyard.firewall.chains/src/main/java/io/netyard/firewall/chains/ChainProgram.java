package io.netyard.firewall.chains;

import io.netyard.api.firewall.Action;
import io.netyard.api.firewall.Point;
import io.netyard.api.firewall.Policy;
import io.netyard.api.firewall.Rule;
import io.netyard.firewall.chains.Dialect.Ending;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The chains of one point of a policy. A packet that comes out at the end, or by {@link ChainRule#RETURN}, has been accepted by the policy
 * and is for others to judge.
 *
 * <p>Xtables chains know no "none of these values". A rule that needs it gets a chain of its own, which is left for each value that must
 * not be. If such a rule accepts, leaving its chain must go on with the rules that follow, so these move into a chain of their own that can
 * be called from there.
 */
public final class ChainProgram {

    /** More than this of one policy at one point would be no help to anybody. */
    private static final int MOST_RULES = 4_096;

    private final Map<ChainName, List<ChainRule>> chains = new LinkedHashMap<>();
    private final ChainName first;

    private ChainProgram(ChainName first) {
        this.first = first;
        chains.put(first, new ArrayList<>());
    }

    /** @throws TooLargeException if its rules become too many */
    public static ChainProgram of(Policy policy, Point point, Dialect dialect) {
        ChainProgram program = new ChainProgram(ChainName.first(policy.name(), point));
        ChainName chain = program.first;
        for (int index = 0; index < policy.rules().size(); index++) {
            Rule rule = policy.rules().get(index);
            Optional<Matches> matches = rule.point() == point ? dialect.matches(rule) : Optional.empty();
            if (matches.isPresent()) {
                chain = program.append(chain, matches.get(), counted(dialect.endings(rule), index));
            }
            if (program.chains.values().stream().mapToInt(List::size).sum() > MOST_RULES) {
                throw new TooLargeException("%d rules of the tool's at point %s".formatted(MOST_RULES, point));
            }
        }
        if (policy.otherwise(point).equals(Action.DROP)) {
            program.chains.get(chain).add(ChainRule.plain("", "DROP"));
        }
        return program;
    }

    /** A policy has more to ask for than is reasonable. */
    public static final class TooLargeException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        /** @param message more of what */
        public TooLargeException(String message) {
            super(message);
        }
    }

    /** The chain that packets come to. */
    public ChainName first() {
        return first;
    }

    /** All chains with their rules, the first one first. */
    public Map<ChainName, List<ChainRule>> chains() {
        return chains;
    }

    /** Whether every packet comes out unharmed, uncounted and unchanged. */
    public boolean isEmpty() {
        return chains.values().stream().allMatch(List::isEmpty);
    }

    private static List<ChainRule> counted(List<Ending> endings, int index) {
        return endings.stream()
                .map(ending -> new ChainRule(ending.match(), ending.target(), OptionalInt.of(index)))
                .toList();
    }

    /** @return the chain that the following rules belong to */
    private ChainName append(ChainName chain, Matches matches, List<ChainRule> endings) {
        List<ChainRule> here = chains.get(chain);
        List<String> exceptions = matches.exceptions();
        if (exceptions.isEmpty()) {
            for (ChainRule ending : endings) {
                for (String alternative : matches.alternatives()) {
                    here.add(new ChainRule(
                            (alternative + " " + ending.match()).strip(), ending.target(), ending.counts()));
                }
            }
            return chain;
        }
        ChainName aside = another();
        if (endings.stream().noneMatch(ending -> ending.target().equals(ChainRule.RETURN))) {
            matches.alternatives().forEach(alternative -> here.add(ChainRule.jump(alternative, aside)));
            chains.put(
                    aside,
                    concat(
                            exceptions.stream().map(exception -> ChainRule.plain(exception, ChainRule.RETURN)),
                            endings.stream()));
            return chain;
        }
        chains.put(aside, new ArrayList<>());
        ChainName rest = another();
        chains.put(rest, new ArrayList<>());
        for (String alternative : matches.alternatives()) {
            here.add(ChainRule.jump(alternative, aside));
            here.add(ChainRule.plain(alternative, ChainRule.RETURN));
        }
        here.add(ChainRule.jump("", rest));
        chains.put(
                aside,
                concat(
                        exceptions.stream()
                                .flatMap(exception -> Stream.of(
                                        ChainRule.jump(exception, rest), ChainRule.plain(exception, ChainRule.RETURN))),
                        endings.stream()));
        return rest;
    }

    private static List<ChainRule> concat(Stream<ChainRule> first, Stream<ChainRule> second) {
        return new ArrayList<>(Stream.concat(first, second).toList());
    }

    private ChainName another() {
        if (chains.size() >= ChainName.NUMBERS) {
            throw new TooLargeException(ChainName.NUMBERS + " chains");
        }
        return new ChainName(first.policy(), first.letter(), chains.size());
    }
}
