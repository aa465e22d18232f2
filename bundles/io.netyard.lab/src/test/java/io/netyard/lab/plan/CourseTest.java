package io.netyard.lab.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.lab.Labs;
import io.netyard.api.lab.Plan;
import io.netyard.api.lab.Plan.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CourseTest {

    private final List<Labs.Progress> seen = new ArrayList<>();
    private final Course course = new Course(seen::add, () -> false);

    @Test
    void tellsOfEachPhaseAndOfEachStepInIt() {
        Plan.Step step = new Plan.Step("set-up", "a", Optional.empty(), "bring up a", "…", Optional.empty());
        assertThat(course.in(Phase.OBSERVE, () -> "network")).isEqualTo("network");
        course.in(Phase.EXECUTE, () -> course.at(1, 2, step));
        assertThat(seen)
                .containsExactly(
                        new Labs.Progress(Phase.OBSERVE, 0, 0, Optional.empty()),
                        new Labs.Progress(Phase.EXECUTE, 0, 0, Optional.empty()),
                        new Labs.Progress(Phase.EXECUTE, 1, 2, Optional.of(step)));
    }

    @Test
    void timesOfOnePhaseAddUp() {
        course.spent(Phase.READ, Duration.ofSeconds(2));
        course.spent(Phase.READ, Duration.ofSeconds(3));
        assertThat(course.took()).containsExactly(java.util.Map.entry(Phase.READ, Duration.ofSeconds(5)));
    }

    @Test
    void aPhaseThatFailsHasTakenItsTimeToo() {
        assertThatThrownBy(() -> course.in(Phase.EXECUTE, () -> {
                    throw new IllegalStateException("refused");
                }))
                .hasMessage("refused");
        assertThat(course.took()).containsOnlyKeys(Phase.EXECUTE);
    }
}
