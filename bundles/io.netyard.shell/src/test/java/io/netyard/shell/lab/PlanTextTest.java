package io.netyard.shell.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.InterfaceName;
import io.netyard.api.lab.Plan;
import io.netyard.shell.console.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanTextTest {

    private static Plan.Step step(String operation, long micros) {
        return new Plan.Step(
                operation,
                "anna",
                Optional.of(new InterfaceName("eth0")),
                operation + " anna:eth0",
                "ip -n anna " + operation,
                Optional.of(Duration.ofNanos(micros * 1_000)));
    }

    private static final Plan DONE = new Plan(
            "office",
            Optional.empty(),
            List.of(
                    step("set-up", 10),
                    step("set-mtu", 100),
                    step("set-up", 30),
                    step("set-up", 20),
                    step("set-mtu", 200)),
            List.of(),
            Map.of(Plan.Phase.READ_BACK, Duration.ofMillis(3), Plan.Phase.READ, Duration.ofMillis(1)));

    @Test
    void jsonHasTheFieldsThatScriptsRelyOn() {
        assertThat(Json.text(PlanText.fields(DONE)))
                .startsWith(
                        """
                        {
                          "lab": "office",
                          "stage": null,
                          "warnings": [],
                          "steps": [
                            {
                              "operation": "set-up",
                              "node": "anna",
                              "device": "eth0",
                              "sentence": "set-up anna:eth0",
                              "command": "ip -n anna set-up",
                              "micros": 10
                            },""")
                .containsSubsequence(
                        "\"phasesMicros\": {", "\"read\": 1000", "\"read-back\": 3000", "\"operations\": [");
    }

    /** Of an even number the median is between the two in the middle. */
    @Test
    void kindsOfStepsTheSlowestKindFirst() {
        assertThat(PlanTiming.of(DONE).fields())
                .containsExactly(
                        Json.object(
                                "operation", "set-mtu",
                                "count", 2,
                                "totalMicros", 300L,
                                "medianMicros", 150L,
                                "maxMicros", 200L),
                        Json.object(
                                "operation", "set-up",
                                "count", 3,
                                "totalMicros", 60L,
                                "medianMicros", 20L,
                                "maxMicros", 30L));
    }

    @Test
    void aPlanHasNoTimes() {
        Plan.Step planned = new Plan.Step("set-up", "anna", Optional.empty(), "…", "…", Optional.empty());
        Plan plan = new Plan("office", Optional.empty(), List.of(planned), List.of(), Map.of());
        assertThat(PlanTiming.of(plan).fields()).isEmpty();
        assertThat(Json.text(PlanText.fields(plan)))
                .contains("\"device\": null")
                .contains("\"micros\": null");
    }
}
