package io.netyard.api.netns;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A namespace to be made.
 *
 * @param name node name: 1 to 63 of letters, digits, dot, hyphen and underscore, starting with a letter or digit; becomes its host name
 * @param lab the lab it belongs to; empty if it is made by hand
 * @param holder name of a registered {@link NamespaceHolder}
 */
public record NetnsSpec(String name, Optional<String> lab, String holder) {

    public static final String DEFAULT_HOLDER = "process";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    public NetnsSpec {
        requireName("node", name);
        lab.ifPresent(owner -> requireName("lab", owner));
    }

    /** The one rule for names of nodes and labs. */
    public static void requireName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'%s' cannot be a %s's name: use 1 to 63 letters, digits, '.', '-' and '_', starting with a letter or digit"
                            .formatted(io.netyard.api.Text.printable(name), what));
        }
        if (name.chars().allMatch(Character::isDigit)) {
            throw new IllegalArgumentException(
                    "'%s' cannot be a %s's name: it would be taken for a pid".formatted(name, what));
        }
    }
}
