package io.netyard.lab.file;

import io.netyard.api.Text;
import java.util.Collection;
import java.util.Comparator;

/** Finds what somebody meant who wrote something else. */
final class Spelling {

    private static final int MOST_TO_LIST = 12;
    private static final int LONGEST_TO_COMPARE = 64;

    private Spelling() {}

    /** {@code did you mean 'switches'?} if one of the known is close, else {@code known: nodes, switches}. */
    static String hint(String written, Collection<String> known) {
        int bound = Math.max(1, written.length() / 3);
        return known.stream()
                .filter(candidate -> distance(written, candidate) <= bound)
                .min(Comparator.comparingInt(candidate -> distance(written, candidate)))
                .map("did you mean '%s'?"::formatted)
                .orElseGet(() -> known.isEmpty() ? "there are none" : "known: " + list(known));
    }

    private static String list(Collection<String> known) {
        String names = String.join(", ", known.stream().limit(MOST_TO_LIST).toList());
        return Text.printable(known.size() > MOST_TO_LIST ? names + ", …" : names);
    }

    /** Levenshtein's: insertions, deletions and replacements of a character. */
    private static int distance(String a, String b) {
        if (a.length() > LONGEST_TO_COMPARE || b.length() > LONGEST_TO_COMPARE) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
