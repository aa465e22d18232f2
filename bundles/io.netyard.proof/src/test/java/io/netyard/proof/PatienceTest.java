package io.netyard.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private final Patience patience = new Patience(Duration.ofMillis(300));

    @Test
    void quickAnswersDoNotShortenTheWait() {
        patience.saw(Duration.ofMillis(1));
        assertThat(patience.now()).isEqualTo(Duration.ofMillis(300));
    }

    @Test
    void theSlowestAnswerStretchesIt() {
        patience.saw(Duration.ofMillis(200));
        patience.saw(Duration.ofMillis(100));
        assertThat(patience.now()).isEqualTo(Duration.ofMillis(800));
    }

    @Test
    void butNotWithoutEnd() {
        patience.saw(Duration.ofMinutes(1));
        assertThat(patience.now()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void whoAsksForMoreGetsMore() {
        Patience long10 = new Patience(Duration.ofSeconds(10));
        long10.saw(Duration.ofSeconds(2));
        assertThat(long10.now()).isEqualTo(Duration.ofSeconds(10));
    }
}
