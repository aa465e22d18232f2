package io.netyard.firewall.nftables;

import java.util.ArrayList;
import java.util.List;

/**
 * Matches of one rule. All parts must hold; where a part can only be written as several matches of which one must hold, the rule becomes
 * several.
 */
final class Alternatives {

    private List<String> lines = List.of("");

    void and(String match) {
        and(List.of(match));
    }

    /** @param oneOf none means that nothing fits */
    void and(List<String> oneOf) {
        List<String> combined = new ArrayList<>();
        for (String line : lines) {
            oneOf.forEach(match -> combined.add(line.isEmpty() || match.isEmpty() ? line + match : line + " " + match));
        }
        lines = combined;
    }

    List<String> lines() {
        return lines;
    }
}
