package io.netyard.netns;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * The variables that make a shell's prompt show where it is. No file is written and no startup file is left out.
 *
 * <p>bash runs PROMPT_COMMAND before each prompt, after its startup files have set PS1: what they set stays if it shows the host name,
 * and that is the node's. Other shells take PS1 from the environment.
 */
final class Prompt {

    /** In a prompt shells expand dollars, backquotes and backslashes, and the name may come from outside. */
    private static final Pattern NEITHER_LETTER_NOR_SIGN = Pattern.compile("[^\\p{L}\\p{N}.,:/@\\[\\] _-]");

    private Prompt() {}

    /**
     * @param label of the place
     * @param hostnameSays whether the host name in there is the place's own
     */
    static Map<String, String> variables(String label, boolean hostnameSays) {
        String shown = NEITHER_LETTER_NOR_SIGN.matcher(label).replaceAll("?");
        String says = hostnameSays ? "*'\\h'*|*'\\H'*|" : "";
        return Map.of(
                "PS1",
                shown + ":$PWD# ",
                "PROMPT_COMMAND",
                "case $PS1 in %s*'(%s)'*|'%s:'*) ;; *) PS1='(%s) '$PS1 ;; esac".formatted(says, shown, shown, shown));
    }
}
