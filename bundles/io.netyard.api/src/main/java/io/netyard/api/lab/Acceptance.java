package io.netyard.api.lab;

import java.nio.file.Path;
import java.util.List;

/**
 * What a lab file has to say so that it describes the lab as it is.
 *
 * @param lab name
 * @param file the lab's file
 * @param before its text
 * @param after its text with the differences taken over; the same if there are none
 * @param differences that were taken over
 */
public record Acceptance(String lab, Path file, String before, String after, List<Difference> differences) {

    public Acceptance {
        differences = List.copyOf(differences);
    }
}
