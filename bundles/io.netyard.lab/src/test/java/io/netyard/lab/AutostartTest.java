package io.netyard.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.lab.LabRecords.Record;
import io.netyard.testing.Eventually;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutostartTest {

    @TempDir
    Path scratch;

    private final List<String> back = new CopyOnWriteArrayList<>();

    private LabStore store(String... marked) {
        LabRecords records = new LabRecords(scratch.resolve("kept"));
        for (String lab : marked) {
            records.put(lab, record(lab, true));
        }
        records.put("unmarked", record("unmarked", false));
        return new LabStore(scratch.resolve("run"), records, "now");
    }

    private static Record record(String lab, boolean autostart) {
        return new Record(Path.of("/labs", lab), Optional.empty(), "then", autostart, "lab: " + lab + "\n");
    }

    /** What the labs themselves do when one is back. */
    private void settled(LabStore store, String lab) {
        store.settle(lab, store.lost(lab).orElseThrow().entry());
        back.add(lab);
    }

    @Test
    void oneThatNeedsAnotherComesAfterIt() throws Exception {
        LabStore store = store("a-guest", "b-house");
        try (Autostart autostart = new Autostart(store, (lab, cancelled) -> {
            if (lab.equals("a-guest") && !back.contains("b-house")) {
                throw new IllegalStateException("no bridge br-house");
            }
            settled(store, lab);
        })) {
            autostart.begin();
            Eventually.holds("both are back", () -> back.size() == 2);
        }
        assertThat(back).containsExactly("b-house", "a-guest");
        assertThat(store.lost("unmarked")).isPresent();
    }

    @Test
    void whatFailsSaysWhyUntilItIsBack() throws Exception {
        LabStore store = store("late");
        List<String> failures = Collections.synchronizedList(new java.util.ArrayList<>());
        List<String> told = Collections.synchronizedList(new java.util.ArrayList<>());
        Autostart[] itself = new Autostart[1];
        try (Autostart autostart = new Autostart(store, (lab, cancelled) -> {
            told.add(itself[0].trouble(lab));
            if (failures.isEmpty()) {
                failures.add("once");
                throw new IllegalStateException("not ready");
            }
            settled(store, lab);
        })) {
            itself[0] = autostart;
            autostart.begin();
            Eventually.holds("it is back", () -> back.contains("late"));
        }
        assertThat(told).containsExactly("it is about to be brought back", "bringing it back failed: not ready");
    }

    @Test
    void oneThatIsDestroyedMeanwhileStaysAway() throws Exception {
        LabStore store = store("one", "two");
        try (Autostart autostart = new Autostart(store, (lab, cancelled) -> {
            store.forget("two");
            if (store.lost(lab).isPresent()) {
                settled(store, lab);
            }
        })) {
            autostart.begin();
            Eventually.holds("the other is back", () -> back.contains("one"));
        }
        assertThat(store.namesWithLost()).containsExactly("one", "unmarked");
    }
}
