package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What bash makes of the variables, whatever its startup files have set. */
class PromptTest {

    @Test
    void aPromptThatShowsTheHostNameStays() throws Exception {
        assertThat(after("\\u@\\h:\\w\\$ ", "lab/web", true)).isEqualTo("\\u@\\h:\\w\\$ ");
        assertThat(after("\\H> ", "lab/web", true)).isEqualTo("\\H> ");
    }

    @Test
    void oneThatDoesNotGetsTheName() throws Exception {
        assertThat(after("$ ", "lab/web", true)).isEqualTo("(lab/web) $ ");
    }

    /** The host's own name would only mislead. */
    @Test
    void whereTheHostNameIsTheHostsTheNameIsThereToo() throws Exception {
        assertThat(after("\\h$ ", "lab/web", false)).isEqualTo("(lab/web) \\h$ ");
    }

    @Test
    void itIsThereOnce() throws Exception {
        assertThat(after("(venv) (web) $ ", "web", true)).isEqualTo("(venv) (web) $ ");
        assertThat(after(Prompt.variables("web", true).get("PS1"), "web", true)).isEqualTo("web:$PWD# ");
    }

    @Test
    void aNameFromOutsideIsNoCode() throws Exception {
        String evil = "a'$(touch /tmp/x)`id`\\u;\u001b";
        assertThat(after("$ ", evil, false)).isEqualTo("(a???touch /tmp/x??id??u??) $ ");
        assertThat(Prompt.variables(evil, false).get("PS1")).doesNotContain("$(", "`", "\\", "\u001b");
    }

    private static String after(String prompt, String label, boolean hostnameSays) throws Exception {
        ProcessBuilder bash = new ProcessBuilder(
                List.of("bash", "--norc", "-c", "PS1=$START; eval \"$PROMPT_COMMAND\"; printf %s \"$PS1\""));
        bash.environment().putAll(Prompt.variables(label, hostnameSays));
        bash.environment().putAll(Map.of("START", prompt, "LC_ALL", "C.UTF-8"));
        Process process = bash.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        return said;
    }
}
