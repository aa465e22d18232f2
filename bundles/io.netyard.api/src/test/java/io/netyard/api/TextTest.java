package io.netyard.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "veth13",
                "a b",
                "$(reboot)",
                "`reboot`",
                "it's",
                "'; reboot; '",
                "a\\b",
                "~root",
                "=ls",
                "!x",
                "#x",
                "*",
                "line\nbreak",
                "\u001b[31m",
                "\u202Eevil'\\",
                "\u00e4\u20ac",
                "-rf"
            })
    void aShellReadsAWordAsItIs(String text) throws IOException, InterruptedException {
        String word = Text.shellWord(text);
        Process bash = new ProcessBuilder("bash", "-c", "printf %s " + word).start();
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(text);
        assertThat(bash.waitFor()).isZero();
        assertThat(word).isEqualTo(Text.printable(word));
    }

    @Test
    void whatNeedsNoQuotesHasNone() {
        assertThat(Text.shellWord("net.ipv4.ip_forward=1")).isEqualTo("net.ipv4.ip_forward=1");
        assertThat(Text.shellWord("fe80::1/64")).isEqualTo("fe80::1/64");
        assertThat(Text.shellWord("it's")).isEqualTo("'it'\\''s'");
        assertThat(Text.shellWord("\u001b")).isEqualTo("$'\\x1b'");
    }
}
