package io.netyard.firewall.chains;

import io.netyard.firewall.chains.Saved.Own;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.UnaryOperator;

/**
 * Tells whether what is in the kernel is still what was loaded. Tools write a rule back in other words than it was given in, and each version
 * in its own: so a policy is first loaded into a namespace that is thrown away, and what the tool lists there is summed up.
 */
public final class Seal {

    private static final int LONGEST = 64;

    private Seal() {}

    /**
     * @param length hexadecimal digits
     * @param plain takes away of a rule or a chain's name what may differ: the seal itself, for one
     */
    public static String of(Own own, int length, UnaryOperator<String> plain) {
        StringBuilder all = new StringBuilder();
        own.chains().forEach((chain, rules) -> {
            all.append(':').append(plain.apply(chain)).append('\n');
            rules.forEach(rule -> all.append(plain.apply(rule.text())).append('\n'));
        });
        own.jumps().stream()
                .map(jump -> jump.chain() + " " + plain.apply(jump.text()))
                .sorted()
                .forEach(jump -> all.append(jump).append('\n'));
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(all.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, Math.min(length, LONGEST));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
