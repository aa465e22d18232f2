package io.netyard.lab.edit;

import java.util.List;

/** A part of a YAML text and where it stands. Offsets count characters of the text, ends are exclusive. */
sealed interface Part {

    int start();

    /** Of what is written in blocks: the end of its last part. */
    int end();

    /** Whether other places of the text may mean it as well: it has an anchor, or stands in something that has. */
    boolean shared();

    /** @param plain written without quotes */
    record Scalar(String text, boolean plain, int start, int end, boolean shared) implements Part {

        boolean isNull() {
            return plain && List.of("", "~", "null", "Null", "NULL").contains(text);
        }
    }

    record Alias(String name, int start, int end) implements Part {
        @Override
        public boolean shared() {
            return true;
        }
    }

    /** @param flow written in brackets */
    record Sequence(List<Part> items, boolean flow, int start, int end, boolean shared) implements Part {}

    /** @param flow written in braces */
    record Mapping(List<Pair> pairs, boolean flow, int start, int end, boolean shared) implements Part {

        /** @return null if there is none */
        Pair pair(String key) {
            return pairs.stream()
                    .filter(pair -> pair.key().equals(key))
                    .findFirst()
                    .orElse(null);
        }
    }

    record Pair(String key, int keyStart, int keyEnd, Part value) {

        int end() {
            return Math.max(keyEnd, value.end());
        }
    }
}
