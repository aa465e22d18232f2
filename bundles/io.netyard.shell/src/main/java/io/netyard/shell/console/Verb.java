package io.netyard.shell.console;

import io.netyard.api.Text;

/** Whether something is to be added or removed, in iproute2's words. */
public enum Verb {
    ADD,
    DEL;

    /** @param word {@code add} or {@code del} */
    public static Verb parse(String word) {
        return switch (word) {
            case "add" -> ADD;
            case "del" -> DEL;
            default ->
                throw new IllegalArgumentException("expected add or del, not '%s'".formatted(Text.printable(word)));
        };
    }
}
