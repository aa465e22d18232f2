package io.netyard.shell.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnifiedDiffTest {

    private static String numbers(int last) {
        return IntStream.rangeClosed(1, last).mapToObj(i -> i + "\n").collect(Collectors.joining());
    }

    @Test
    void twoPlacesFarApartAreTwoHunks() {
        String before = numbers(30);
        String after = before.replace("\n5\n", "\nfive\nfive and a half\n").replace("\n25\n", "\n");
        assertThat(UnifiedDiff.of("f", before, after))
                .containsExactly(
                        "--- f",
                        "+++ f",
                        "@@ -2,7 +2,8 @@",
                        " 2",
                        " 3",
                        " 4",
                        "-5",
                        "+five",
                        "+five and a half",
                        " 6",
                        " 7",
                        " 8",
                        "@@ -22,7 +23,6 @@",
                        " 22",
                        " 23",
                        " 24",
                        "-25",
                        " 26",
                        " 27",
                        " 28");
    }

    @Test
    void whatIsNearIsOneHunk() {
        assertThat(UnifiedDiff.of("f", "a\nb\nc\nd\n", "A\nb\nc\nD\ne\n"))
                .containsExactly("--- f", "+++ f", "@@ -1,4 +1,5 @@", "-a", "+A", " b", " c", "-d", "+D", "+e");
    }

    @Test
    void theSameIsNothing() {
        assertThat(UnifiedDiff.of("f", "a\nb\n", "a\nb\n")).isEmpty();
    }
}
