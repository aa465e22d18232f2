package io.netyard.shell.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    private final AtomicLong now = new AtomicLong(5);
    private final ProgressLine line = new ProgressLine(now::get);

    @Test
    void aBarWithPercentCountTimeAndStep() {
        line.at(26, 50, "bring up anna:eth0");
        now.addAndGet(TimeUnit.SECONDS.toNanos(7));
        assertThat(line.text(100)).isEqualTo("[############------------]  50%  26/50  7 s  bring up anna:eth0");
    }

    @Test
    void whatHasNoStepsHasNoBar() {
        line.at(0, 0, "reading what is there");
        assertThat(line.text(100)).isEqualTo("0 s  reading what is there");
    }

    @Test
    void theLastStepIsNotDoneYet() {
        line.at(1000, 1000, "x");
        assertThat(line.text(100)).startsWith("[#######################-]  99%");
    }

    /** One cell is left free, since some terminals begin a new line when the last one is filled. */
    @Test
    void itStaysOnOneLine() {
        line.at(1, 5, "lay a cable from here to the end of the world");
        assertThat(line.text(40)).hasSize(39).startsWith("[----");
        assertThat(line.text(1)).isEmpty();
        assertThat(line.text(0)).hasSizeLessThanOrEqualTo(79);
    }

    @Test
    void foreignNamesCannotWriteControlCodes() {
        line.at(1, 5, "create \u001b[31mred");
        assertThat(line.text(100)).doesNotContain("\u001b");
    }

    @Test
    void minutes() {
        now.addAndGet(TimeUnit.SECONDS.toNanos(125));
        line.at(1, 2, "x");
        assertThat(line.text(100)).contains("  2:05 min  ");
    }
}
