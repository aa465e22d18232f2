package io.netyard.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesTest {

    private static Series of(long... micros) {
        Series series = new Series("x");
        for (long each : micros) {
            series.add(Duration.ofNanos(1000 * each));
        }
        return series;
    }

    @Test
    void theMedianIsInTheMiddleWhateverTheOrder() {
        assertThat(of(9000, 1000, 2000).median()).isEqualTo(2.0);
        assertThat(of(9000, 1000, 2000, 4000).median()).isEqualTo(3.0);
        assertThat(of(1500).median()).isEqualTo(1.5);
    }

    @Test
    void theTableHasARowForEach() {
        assertThat(Series.table(List.of(of(9000, 1000, 2000))).lines())
                .containsExactly(
                        "ms     median      least       most  runs", "x        2.0        1.0        9.0     3");
    }
}
