package io.netyard.lab.importing;

import java.util.List;

/**
 * A lab file for what was found.
 *
 * @param text of the file
 * @param remarks what it does not carry, a sentence each; they are in the text too
 */
public record Imported(String text, List<String> remarks) {}
