package io.netyard.lab.edit;

import io.netyard.lab.edit.Part.Alias;
import io.netyard.lab.edit.Part.Mapping;
import io.netyard.lab.edit.Part.Pair;
import io.netyard.lab.edit.Part.Scalar;
import io.netyard.lab.edit.Part.Sequence;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.Event.ID;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** Finds where the parts of a YAML text stand. For texts that have been read as a lab file: whatever is wrong in one was told there. */
final class Layout {

    private final String text;
    private final Iterator<Event> events;

    /** Marks count code points, and come in order but for the ends of blocks. */
    private int codePoint;

    private int offset;

    private Layout(String text) {
        this.text = text;
        this.events =
                new Parse(LoadSettings.builder().build()).parseString(text).iterator();
    }

    static Part of(String text) {
        Layout layout = new Layout(text);
        Event event = layout.events.next();
        while (event.getEventId() != ID.DocumentStart) {
            event = layout.events.next();
        }
        return layout.part(layout.events.next(), false);
    }

    private Part part(Event event, boolean within) {
        int start = offset(event.getStartMark().orElseThrow());
        if (event instanceof AliasEvent alias) {
            return new Alias(
                    alias.getAlias().getValue(),
                    start,
                    offset(alias.getEndMark().orElseThrow()));
        }
        boolean shared = within || ((NodeEvent) event).getAnchor().isPresent();
        if (event instanceof ScalarEvent scalar) {
            int end = offset(scalar.getEndMark().orElseThrow());
            return new Scalar(scalar.getValue(), scalar.isPlain(), start, end, shared);
        }
        boolean flow = ((CollectionStartEvent) event).isFlow();
        return event.getEventId() == ID.SequenceStart ? sequence(start, flow, shared) : mapping(start, flow, shared);
    }

    private Sequence sequence(int start, boolean flow, boolean shared) {
        List<Part> items = new ArrayList<>();
        Event event = events.next();
        int end = start;
        for (; event.getEventId() != ID.SequenceEnd; event = events.next()) {
            items.add(part(event, shared));
            end = items.get(items.size() - 1).end();
        }
        return new Sequence(items, flow, start, flow ? end(event) : end, shared);
    }

    private Mapping mapping(int start, boolean flow, boolean shared) {
        List<Pair> pairs = new ArrayList<>();
        Event event = events.next();
        int end = start;
        for (; event.getEventId() != ID.MappingEnd; event = events.next()) {
            Part key = part(event, shared);
            Part value = part(events.next(), shared);
            pairs.add(new Pair(key instanceof Scalar name ? name.text() : "", key.start(), key.end(), value));
            end = pairs.get(pairs.size() - 1).end();
        }
        return new Mapping(pairs, flow, start, flow ? end(event) : end, shared);
    }

    private int end(Event event) {
        return offset(event.getEndMark().orElseThrow());
    }

    private int offset(Mark mark) {
        int index = mark.getIndex();
        if (index < codePoint) {
            codePoint = 0;
            offset = 0;
        }
        offset = text.offsetByCodePoints(offset, index - codePoint);
        codePoint = index;
        return offset;
    }
}
