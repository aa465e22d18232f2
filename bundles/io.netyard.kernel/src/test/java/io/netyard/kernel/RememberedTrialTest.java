package io.netyard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RememberedTrialTest {

    private boolean works;
    private boolean loaded;
    private long now;
    private int trials;

    private final RememberedTrial trial = new RememberedTrial(
            () -> {
                trials++;
                return works;
            },
            () -> loaded,
            () -> now);

    @Test
    void whatWorksIsTriedOnce() {
        works = true;

        assertThat(trial.works()).isTrue();
        works = false;
        now = Duration.ofHours(1).toNanos();

        assertThat(trial.works()).isTrue();
        assertThat(trials).isEqualTo(1);
    }

    @Test
    void whatDoesNotIsNotTriedAgainAtOnce() {
        assertThat(trial.works()).isFalse();
        now = Duration.ofSeconds(59).toNanos();

        assertThat(trial.works()).isFalse();
        assertThat(trials).isEqualTo(1);
    }

    @Test
    void itIsTriedAgainWhenItsModuleHasCome() {
        assertThat(trial.works()).isFalse();
        works = true;
        loaded = true;

        assertThat(trial.works()).isTrue();
    }

    @Test
    void itIsTriedAgainAfterAMinute() {
        assertThat(trial.works()).isFalse();
        works = true;
        now = Duration.ofSeconds(60).toNanos();

        assertThat(trial.works()).isTrue();
    }
}
