package io.netyard.firewall.chains;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A table as its tool has listed it.
 *
 * @param chains all of them with their rules in order
 */
public record Saved(Map<String, List<SavedRule>> chains) {

    /** A table without anything in it. */
    public static final Saved EMPTY = new Saved(Map.of());

    /**
     * @param text as the tool writes it, without the chain and the counters
     */
    public record SavedRule(String text, long packets, long bytes) {

        /** The last target that it names; empty if it has none. */
        public String target() {
            String[] words = text.split(" ");
            for (int i = words.length - 2; i >= 0; i--) {
                if (words[i].equals("-j") || words[i].equals("-g")) {
                    return words[i + 1];
                }
            }
            return "";
        }
    }

    /** Names of policies that have a chain here, or a jump to one. */
    public TreeSet<String> policies() {
        TreeSet<String> names = new TreeSet<>();
        chains.forEach((chain, rules) -> {
            ChainName.parse(chain).ifPresent(name -> names.add(name.policy()));
            rules.forEach(rule -> ChainName.parse(rule.target()).ifPresent(name -> names.add(name.policy())));
        });
        return names;
    }

    /** What there is of one policy. */
    public Own own(String policy) {
        Map<String, List<SavedRule>> own = new TreeMap<>();
        List<Jump> jumps = new ArrayList<>();
        chains.forEach((chain, rules) -> {
            if (belongs(chain, policy)) {
                own.put(chain, rules);
                return;
            }
            for (int i = 0; i < rules.size(); i++) {
                if (belongs(rules.get(i).target(), policy)) {
                    jumps.add(new Jump(chain, i + 1, rules.get(i).text()));
                }
            }
        });
        return new Own(own, jumps);
    }

    /** How many rules are in chains of others and lead to no chain of a policy. */
    public int foreignRules() {
        return (int) chains.entrySet().stream()
                .filter(chain -> ChainName.parse(chain.getKey()).isEmpty())
                .flatMap(chain -> chain.getValue().stream())
                .filter(rule -> ChainName.parse(rule.target()).isEmpty())
                .count();
    }

    private static boolean belongs(String chain, String policy) {
        Optional<ChainName> name = ChainName.parse(chain);
        return name.isPresent() && name.get().policy().equals(policy);
    }

    /**
     * The chains of a policy, and what leads to them from others.
     *
     * @param chains in order of name
     */
    public record Own(Map<String, List<SavedRule>> chains, List<Jump> jumps) {

        /** Nothing. */
        public static final Own NONE = new Own(Map.of(), List.of());

        /** True if there is nothing. */
        public boolean isEmpty() {
            return chains.isEmpty() && jumps.isEmpty();
        }
    }

    /**
     * @param position of the rule in its chain, from 1
     * @param text the rule, in the tool's words
     */
    public record Jump(String chain, int position, String text) {}

    /** Collects rules while a listing is read. */
    public static final class Builder {

        private final Map<String, List<SavedRule>> chains = new LinkedHashMap<>();

        /** A chain is there, with or without rules. */
        public void chain(String chain) {
            chains.computeIfAbsent(chain, name -> new ArrayList<>());
        }

        /** The next rule of a chain. */
        public void rule(String chain, SavedRule rule) {
            chains.computeIfAbsent(chain, name -> new ArrayList<>()).add(rule);
        }

        public Saved build() {
            return new Saved(chains);
        }
    }
}
