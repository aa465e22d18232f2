package io.netyard.api.netns;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a lab names a network namespace that Netyard has not made. It says what is meant, not where that is now: a container that restarts is
 * the same container in another namespace.
 */
public sealed interface ForeignNamespace {

    /** Whether another namespace may come to be what is meant when this one has ended. */
    boolean comesBack();

    /** @param name {@code RUNTIME:NAME}, or a name alone: see {@link io.netyard.api.container.Containers#find} */
    record Container(String name) implements ForeignNamespace {

        @Override
        public boolean comesBack() {
            return true;
        }

        @Override
        public String toString() {
            return "container " + name;
        }
    }

    /** One process and no other: a pid that is used again means somebody else. */
    record Process(long pid) implements ForeignNamespace {

        @Override
        public boolean comesBack() {
            return false;
        }

        @Override
        public String toString() {
            return "pid " + pid;
        }
    }

    /** @param path absolute, of a file on which a namespace is mounted, as {@code ip netns} does in /run/netns */
    record Mount(Path path) implements ForeignNamespace {

        @Override
        public boolean comesBack() {
            return true;
        }

        @Override
        public String toString() {
            return "netns " + path;
        }
    }

    /** Reads what {@code toString} has written; empty if it is something else. */
    static Optional<ForeignNamespace> parse(String text) {
        String[] words = text.split(" ", 2);
        if (words.length < 2) {
            return Optional.empty();
        }
        try {
            return switch (words[0]) {
                case "container" -> Optional.of(new Container(words[1]));
                case "pid" -> Optional.of(new Process(Long.parseLong(words[1])));
                case "netns" -> Optional.of(new Mount(Path.of(words[1])));
                default -> Optional.empty();
            };
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
