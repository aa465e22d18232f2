package io.netyard.container;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The options of a command line, read the way getopt_long(3) does: until {@code --} or the first word that is neither an option nor the
 * value of one. What follows belongs to a program inside, and that may be called with options of the same names.
 */
final class Options {

    /** Length of {@code -n}. */
    private static final int BRIEF = 2;

    private final List<String> words;
    private final Set<String> valued;

    /** @param valued the options, short and long, whose value is the next word if it is not in the same: {@code -n}, {@code --name} */
    Options(List<String> command, Set<String> valued) {
        this.words = command.subList(Math.min(1, command.size()), command.size());
        this.valued = valued;
    }

    /**
     * The last value given to an option by any of its names, as a later one replaces an earlier one. An abbreviated long option is not found.
     */
    Optional<String> value(String... names) {
        String found = null;
        int i = 0;
        while (i < words.size()) {
            String word = words.get(i);
            if (word.equals("--") || !word.startsWith("-")) {
                break;
            }
            for (String name : names) {
                found = attached(word, name).orElse(found);
            }
            if (valued.contains(word) && i + 1 < words.size()) {
                i++;
                found = List.of(names).contains(word) ? words.get(i) : found;
            }
            i++;
        }
        return Optional.ofNullable(found).filter(value -> !value.isEmpty());
    }

    /** {@code -nVALUE} or {@code --name=VALUE}; Go's programs take one hyphen for a long name, too. */
    private static Optional<String> attached(String word, String name) {
        String start = name.length() == BRIEF ? name : name + "=";
        return word.startsWith(start) && word.length() > start.length()
                ? Optional.of(word.substring(start.length()))
                : Optional.empty();
    }

    /** The first word that is neither an option nor the value of one. */
    Optional<String> operand() {
        int i = 0;
        while (i < words.size()) {
            String word = words.get(i);
            if (word.equals("--")) {
                return i + 1 < words.size() ? Optional.of(words.get(i + 1)) : Optional.empty();
            }
            if (!word.startsWith("-")) {
                return Optional.of(word);
            }
            i += valued.contains(word) ? 2 : 1;
        }
        return Optional.empty();
    }

    /** File name of the program that a command line starts with; empty for one that has no such name. */
    static String program(List<String> command) {
        return command.isEmpty() ? "" : fileName(command.get(0));
    }

    /** The last part of a path; empty if it ends in none. */
    static String fileName(String path) {
        String trimmed = path.replaceAll("/+$", "");
        String name = trimmed.substring(trimmed.lastIndexOf('/') + 1);
        return name.equals(".") || name.equals("..") ? "" : name;
    }
}
