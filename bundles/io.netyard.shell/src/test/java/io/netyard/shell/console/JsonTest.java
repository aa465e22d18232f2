package io.netyard.shell.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void objectsKeepTheOrderOfTheirFields() {
        assertThat(Json.text(Json.object("b", 1, "a", List.of(true, "x"), "none", null, "empty", List.of())))
                .isEqualTo(
                        """
                        {
                          "b": 1,
                          "a": [
                            true,
                            "x"
                          ],
                          "none": null,
                          "empty": []
                        }""");
    }

    @Test
    void optionalsAreTheirValueOrNull() {
        assertThat(Json.text(List.of(Optional.of(5), Optional.empty(), OptionalLong.of(7), Map.of()))
                        .replaceAll("\\s", ""))
                .isEqualTo("[5,null,7,{}]");
    }

    /** RFC 8259, section 7: quotation mark, reverse solidus and control characters must be escaped. */
    @Test
    void stringsAreEscaped() {
        assertThat(Json.text("a\"b\\c\n\u001b\u007f\u00e4\ud83d\ude00"))
                .isEqualTo("\"a\\\"b\\\\c\\u000a\\u001b\\u007f\\u00e4\\ud83d\\ude00\"");
    }
}
