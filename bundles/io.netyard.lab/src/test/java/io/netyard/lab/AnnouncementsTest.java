package io.netyard.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.RequestException;
import io.netyard.api.lab.LabEvents;
import io.netyard.api.lab.Labs;
import io.netyard.api.lab.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

class AnnouncementsTest {

    private static final Plan.Step STEP =
            new Plan.Step("create-node", "anna", Optional.empty(), "create namespace anna", "…", Optional.empty());

    private final List<Event> posted = new ArrayList<>();
    private final Events events = new Events();

    AnnouncementsTest() {
        events.admin = new EventAdmin() {
            @Override
            public void postEvent(Event event) {
                posted.add(event);
            }

            @Override
            public void sendEvent(Event event) {
                throw new AssertionError("whoever listens would hold the change up");
            }
        };
    }

    @Test
    void tellWhichLabIsChangedWhatForAndHowItEnded() {
        Announcements announcements = new Announcements(events, "office", "stage", Optional.of("vlans"));
        announcements.begun();
        announcements.ended(List.of(STEP));
        assertThat(posted).extracting(Event::getTopic).containsExactly(LabEvents.APPLYING, LabEvents.APPLIED);
        assertThat(posted).allSatisfy(event -> {
            assertThat(event.getProperty(LabEvents.LAB)).isEqualTo("office");
            assertThat(event.getProperty(LabEvents.CHANGE)).isEqualTo("stage");
            assertThat(event.getProperty(LabEvents.STAGE)).isEqualTo("vlans");
        });
        assertThat(posted.get(1).getProperty(LabEvents.STEPS)).isEqualTo(1);
        assertThat(posted.get(1).getProperty(LabEvents.MILLIS)).isInstanceOf(Long.class);
    }

    @Test
    void aDestructionHasTopicsOfItsOwn() {
        Announcements announcements = new Announcements(events, "office", "destroy", Optional.empty());
        announcements.begun();
        announcements.failed(new RequestException("busy"));
        announcements.ended(List.of(STEP));
        assertThat(posted)
                .extracting(Event::getTopic)
                .containsExactly(LabEvents.DESTROYING, LabEvents.FAILED, LabEvents.DESTROYED);
        assertThat(posted.get(1).getProperty(LabEvents.SENTENCE)).isEqualTo("busy");
        assertThat(posted.get(0).containsProperty(LabEvents.STAGE)).isFalse();
    }

    @Test
    void whereNothingWasDoneNothingIsTold() {
        new Announcements(events, "office", "apply", Optional.empty()).ended(List.of());
        assertThat(posted).isEmpty();
    }

    /** A thousand steps in no time: the first quarter of a second has not passed, or hardly a few have. */
    @Test
    void progressIsToldAFewTimesASecondOnly() {
        long began = System.nanoTime();
        Announcements announcements = new Announcements(events, "office", "apply", Optional.empty());
        for (int step = 1; step <= 1000; step++) {
            announcements.progress(new Labs.Progress(Plan.Phase.EXECUTE, step, 1000, Optional.of(STEP)));
        }
        long quarters = (System.nanoTime() - began) / 250_000_000L;
        assertThat((long) posted.size()).isLessThanOrEqualTo(quarters);
    }

    @Test
    void withoutAnEventAdminNobodyIsTold() {
        events.admin = null;
        new Announcements(events, "office", "apply", Optional.empty()).begun();
        assertThat(posted).isEmpty();
    }
}
