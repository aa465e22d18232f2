package io.netyard.firewall.chains;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * What a rule's conditions become where the tool can only ask single questions: a packet meets them if it fits one of the alternatives and
 * none of the exceptions. Mutable; grows by conditions.
 */
public final class Matches {

    private List<String> alternatives = List.of("");
    private final List<String> exceptions = new ArrayList<>();

    /** In the tool's words; each is a conjunction. */
    public List<String> alternatives() {
        return alternatives;
    }

    /** In the tool's words, without negation. */
    public List<String> exceptions() {
        return exceptions;
    }

    /** Adds something that must hold too. */
    public Matches all(String match) {
        return any(List.of(match));
    }

    /** Adds a choice: one of these must hold too. */
    public Matches any(Collection<String> choice) {
        List<String> product = new ArrayList<>();
        for (String alternative : alternatives) {
            for (String match : choice) {
                product.add((alternative + " " + match).strip());
            }
        }
        alternatives = List.copyOf(product);
        return this;
    }

    /** Adds something that must not hold. */
    public Matches except(String match) {
        exceptions.add(match);
        return this;
    }

    /**
     * Adds a set of values, or that none of them may hold. One value that must not hold is asked for directly, several become exceptions.
     *
     * @param positive the words for a value
     * @param negated the words for "not this value"
     */
    public <T> Matches values(
            Collection<T> values, boolean not, Function<T, String> positive, Function<T, String> negated) {
        if (!not) {
            return any(values.stream().map(positive).toList());
        }
        if (values.size() == 1) {
            return all(negated.apply(values.iterator().next()));
        }
        values.stream().map(positive).forEach(exceptions::add);
        return this;
    }
}
