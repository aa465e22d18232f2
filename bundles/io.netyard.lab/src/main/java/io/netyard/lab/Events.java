package io.netyard.lab;

import io.netyard.api.lab.LabEvents;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

/** Posts events about labs while there is an EventAdmin; without one, to nobody. Safe for use from several threads. */
@Component(service = Events.class)
public class Events {

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    volatile EventAdmin admin;

    /**
     * @param topic one of those in {@link LabEvents}
     * @param properties beside the lab's name and the time
     */
    void post(String topic, String lab, Map<String, ?> properties) {
        EventAdmin present = admin;
        if (present != null) {
            Map<String, Object> all = new HashMap<>(properties);
            all.put(LabEvents.LAB, lab);
            all.put(LabEvents.TIME, Instant.now());
            present.postEvent(new Event(topic, all));
        }
    }
}
