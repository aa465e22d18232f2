package io.netyard.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoalTest {

    @Test
    void itIsMetAtItsBound() {
        assertThat(Goal.atMost(1.3, "x", 1.3, "").isMet()).isTrue();
        assertThat(Goal.atMost(1.3, "x", 1.31, "").isMet()).isFalse();
        assertThat(Goal.atLeast(10, "x", 10, "").isMet()).isTrue();
        assertThat(Goal.atLeast(10, "x", 9.9, "").isMet()).isFalse();
    }

    @Test
    void whatCouldNotBeMeasuredIsNotMet() {
        assertThat(Goal.atMost(1, "x", Double.NaN, "").isMet()).isFalse();
        assertThat(Goal.atLeast(1, "x", Double.NaN, "").isMet()).isFalse();
    }

    @Test
    void itSaysWhatWasMeasuredAndWhatIsWanted() {
        assertThat(Goal.atMost(50, "applying again takes", 61.254, " ms"))
                .hasToString("MISSED  applying again takes 61.25 ms; at most 50 ms is the goal");
        assertThat(Goal.atLeast(0.5, "x", 0.5, "")).hasToString("met     x 0.50; at least 0.5 is the goal");
    }
}
