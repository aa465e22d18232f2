package io.netyard.shell.netns;

import java.util.Arrays;
import java.util.List;

/** Completes lists with commas: what stands before the last comma stays, and what stands there is not offered again. */
final class Lists {

    private Lists() {}

    static List<String> candidates(List<String> words, String word) {
        int comma = word.lastIndexOf(',');
        String before = word.substring(0, comma + 1);
        List<String> taken = Arrays.asList(before.split(","));
        return words.stream()
                .filter(candidate -> !taken.contains(candidate))
                .map(candidate -> before + candidate)
                .toList();
    }
}
