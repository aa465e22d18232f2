package io.netyard.lab;

import io.netyard.api.lab.LabEvents;
import io.netyard.api.lab.Labs;
import io.netyard.api.lab.Plan;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is told of one change of one lab, as events and in the log. Used by one thread at a time. */
final class Announcements {

    private static final Logger LOG = LoggerFactory.getLogger(Announcements.class);

    /** Between two events about progress: a change may have tens of thousands of steps. */
    private static final long PAUSE_NANOS = Duration.ofMillis(250).toNanos();

    private final Events events;
    private final String lab;
    private final String change;
    private final Optional<String> stage;
    private final long began = System.nanoTime();
    private long told = began;

    /** @param change as in {@link LabEvents#CHANGE} */
    Announcements(Events events, String lab, String change, Optional<String> stage) {
        this.events = events;
        this.lab = lab;
        this.change = change;
        this.stage = stage;
    }

    void begun() {
        post(change.equals("destroy") ? LabEvents.DESTROYING : LabEvents.APPLYING, Map.of());
    }

    void progress(Labs.Progress now) {
        if (now.what().isEmpty() || System.nanoTime() - told < PAUSE_NANOS) {
            return;
        }
        told = System.nanoTime();
        Plan.Step step = now.what().orElseThrow();
        post(
                LabEvents.PROGRESS,
                Map.of(
                        LabEvents.STEP, now.step(),
                        LabEvents.STEPS, now.steps(),
                        LabEvents.NODE, step.node(),
                        LabEvents.SENTENCE, step.sentence()));
    }

    /** @param done if nothing was, there is nothing to tell */
    void ended(List<Plan.Step> done) {
        if (done.isEmpty()) {
            return;
        }
        long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        LOG.info(
                "{}{}: {} steps in {} ms",
                change,
                stage.map(reached -> " (stage " + reached + ")").orElse(""),
                done.size(),
                millis);
        post(
                change.equals("destroy") ? LabEvents.DESTROYED : LabEvents.APPLIED,
                Map.of(LabEvents.STEPS, done.size(), LabEvents.MILLIS, millis));
    }

    void failed(RuntimeException failure) {
        post(LabEvents.FAILED, Map.of(LabEvents.SENTENCE, String.valueOf(failure.getMessage())));
    }

    private void post(String topic, Map<String, ?> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put(LabEvents.CHANGE, change);
        stage.ifPresent(name -> all.put(LabEvents.STAGE, name));
        events.post(topic, lab, all);
    }
}
