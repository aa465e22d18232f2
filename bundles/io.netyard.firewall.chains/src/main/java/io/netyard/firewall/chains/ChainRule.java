package io.netyard.firewall.chains;

import java.util.OptionalInt;

/**
 * One rule of a chain.
 *
 * @param match what the tool is to match, in its words; empty for everything
 * @param target a chain, or what the tool can do by itself, with its options; empty for nothing
 * @param counts index of the policy's rule whose hits it counts, if it does
 */
public record ChainRule(String match, String target, OptionalInt counts) {

    /** Leaves the chain: what a policy accepts is for others to judge. */
    public static final String RETURN = "RETURN";

    static ChainRule jump(String match, ChainName to) {
        return new ChainRule(match, to.toString(), OptionalInt.empty());
    }

    static ChainRule plain(String match, String target) {
        return new ChainRule(match, target, OptionalInt.empty());
    }
}
