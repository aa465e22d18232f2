package io.netyard.shell.inventory;

import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.inventory.NamespaceType;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Types of namespaces as a user writes them. */
public final class NamespaceTypes {

    /** What stands for all of them. */
    public static final String ALL = "all";

    private NamespaceTypes() {}

    /**
     * Reads {@code net,uts} or {@code all}.
     *
     * @return at least one
     * @throws RequestException if it is something else; says which there are
     */
    public static Set<NamespaceType> parse(String words) {
        if (words.equals(ALL)) {
            return EnumSet.allOf(NamespaceType.class);
        }
        Set<NamespaceType> types = EnumSet.noneOf(NamespaceType.class);
        for (String word : words.split(",", -1)) {
            types.add(one(word, "there are " + all() + ", or all"));
        }
        return Collections.unmodifiableSet(types);
    }

    /** @throws RequestException if there is none of that name; says which there are */
    public static NamespaceType parseOne(String word) {
        return one(word, "there are " + all());
    }

    private static NamespaceType one(String word, String hint) {
        return NamespaceType.of(word)
                .orElseThrow(
                        () -> new RequestException("no namespace type '%s': %s".formatted(Text.printable(word), hint)));
    }

    private static String all() {
        return Arrays.stream(NamespaceType.values()).map(NamespaceType::word).collect(Collectors.joining(", "));
    }
}
