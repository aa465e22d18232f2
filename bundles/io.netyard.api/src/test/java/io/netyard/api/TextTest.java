package io.netyard.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextTest {

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x00,
                0x07,
                0x09,
                0x0a,
                0x0d,
                0x1b,
                0x7f, // C0 and DEL
                0x85,
                0x9b,
                0x9d, // C1: next line, and what begins an escape code in eight bits
                0xad,
                0x200b,
                0x200e,
                0x202a,
                0x202e,
                0x2066,
                0x2069,
                0xfeff, // not seen, or turning the direction
                0x2028,
                0x2029, // ends of lines and paragraphs
                0xd800,
                0xdbff,
                0xdc00,
                0xdfff, // half a pair
                0xe0041 // a tag
            })
    void whatATerminalMightObeyIsReplaced(int character) {
        assertThat(Text.printable("a" + new String(new int[] {character}, 0, 1) + "b"))
                .isEqualTo("a\uFFFDb");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "plain", "größe", "東京", "a\u0301", "\uD83D\uDE00", "…→│"})
    void textStays(String text) {
        assertThat(Text.printable(text)).isEqualTo(text);
        assertThat(Text.printable(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
    }

    @Test
    void bytesThatAreNoTextAreReplaced() {
        assertThat(Text.printable(new byte[] {'a', (byte) 0xff, 'b', (byte) 0xc3}))
                .isEqualTo("a\uFFFDb\uFFFD");
        assertThat(Text.printable(new byte[] {27, '[', 'm'})).isEqualTo("\uFFFD[m");
    }
}
