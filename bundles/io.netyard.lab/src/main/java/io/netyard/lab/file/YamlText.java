package io.netyard.lab.file;

import io.netyard.api.LabFileException;
import io.netyard.api.Text;
import io.netyard.lab.file.Value.Entry;
import io.netyard.lab.file.Value.Mapping;
import io.netyard.lab.file.Value.Scalar;
import io.netyard.lab.file.Value.Sequence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.Event.ID;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Turns YAML text into {@link Value}s.
 *
 * <p>Built from the parser's events and not from its node tree, because that tree is built by unbounded recursion and knows
 * no limit for what aliases multiply: a hostile file must cost an error message, not the stack.
 */
final class YamlText {

    /** Deeper than any lab file has reason to go. */
    private static final int DEEPEST = 32;

    /** Far more than a file of the largest size can spell out in a useful way. */
    static final int MOST_VALUES = 200_000;

    /** In characters; nothing in a lab file but a description has reason to come near. */
    private static final int LONGEST_VALUE = 4_096;

    private final String text;
    private final Problems problems;
    private final Iterator<Event> events;
    private final Map<Anchor, Value> anchors = new HashMap<>();

    private YamlText(String text, Problems problems) {
        this.text = text;
        this.problems = problems;
        this.events =
                new Parse(LoadSettings.builder().build()).parseString(text).iterator();
    }

    /** @throws LabFileException at the first place that is not YAML; what is YAML but still wrong is added to {@code problems} */
    static Value parse(String text, Problems problems) {
        YamlText yaml = new YamlText(text, problems);
        try {
            return yaml.document();
        } catch (MarkedYamlEngineException e) {
            Position position = e.getProblemMark()
                    .or(e::getContextMark)
                    .map(YamlText::position)
                    .orElse(Position.WHOLE_FILE);
            throw problems.with(position, "not YAML: " + firstLine(e.getProblem()));
        } catch (ReaderException e) {
            throw problems.with(
                    yaml.positionOf(e.getPosition()),
                    "not YAML: character U+%04X may not stand here".formatted(e.getCodePoint()));
        } catch (YamlEngineException e) {
            throw problems.with(Position.WHOLE_FILE, "not YAML: " + firstLine(e.getMessage()));
        }
    }

    private Value document() {
        Event event = events.next();
        while (event.getEventId() != ID.DocumentStart) {
            if (event.getEventId() == ID.StreamEnd) {
                throw problems.with(Position.WHOLE_FILE, "the file is empty; a lab file starts with 'lab: NAME'");
            }
            event = events.next();
        }
        Value value = value(events.next(), 0);
        events.next();
        Event after = events.next();
        if (after.getEventId() == ID.DocumentStart) {
            throw problems.with(at(after), "a second YAML document; a lab file has one");
        }
        return value;
    }

    private Value value(Event event, int depth) {
        if (event instanceof ScalarEvent scalar) {
            refuseTag(scalar.getTag(), event);
            if (scalar.getValue().length() > LONGEST_VALUE) {
                throw problems.with(at(event), "a single value of more than %,d characters".formatted(LONGEST_VALUE));
            }
            return remember(
                    scalar.getAnchor(),
                    new Scalar(
                            scalar.getValue(),
                            scalar.isPlain() && scalar.getTag().isEmpty(),
                            at(event)));
        }
        if (event instanceof AliasEvent alias) {
            return aliased(alias);
        }
        CollectionStartEvent start = (CollectionStartEvent) event;
        refuseTag(start.getTag(), event);
        if (depth == DEEPEST) {
            throw problems.with(at(event), "nested more than %d deep".formatted(DEEPEST));
        }
        Value value = event.getEventId() == ID.SequenceStart ? sequence(event, depth) : mapping(event, depth);
        if (value.size() > MOST_VALUES) {
            throw problems.with(
                    at(event), "more than %,d values, those that aliases repeat included".formatted(MOST_VALUES));
        }
        return remember(start.getAnchor(), value);
    }

    private Value sequence(Event start, int depth) {
        List<Value> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != ID.SequenceEnd; event = events.next()) {
            items.add(value(event, depth + 1));
        }
        return new Sequence(items, at(start));
    }

    private Value mapping(Event start, int depth) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (Event event = events.next(); event.getEventId() != ID.MappingEnd; event = events.next()) {
            Value key = value(event, depth + 1);
            Value value = value(events.next(), depth + 1);
            if (!(key instanceof Scalar scalar) || key.isNull()) {
                problems.add(at(event), "a key must be a name, not " + key.kind());
                continue;
            }
            Entry first = entries.get(scalar.text());
            if (first == null) {
                entries.put(scalar.text(), new Entry(at(event), value));
            } else {
                problems.add(
                        at(event),
                        "'%s' is there already, in line %d"
                                .formatted(
                                        Text.printable(scalar.text()),
                                        first.keyPosition().line()));
            }
        }
        return new Mapping(entries, at(start));
    }

    private Value aliased(AliasEvent alias) {
        Value value = anchors.get(alias.getAlias());
        if (value == null) {
            throw problems.with(at(alias), "alias *%s has no anchor before it".formatted(alias.getAlias()));
        }
        return value;
    }

    private Value remember(Optional<Anchor> anchor, Value value) {
        anchor.ifPresent(name -> anchors.put(name, value));
        return value;
    }

    private void refuseTag(Optional<String> tag, Event event) {
        tag.filter(name -> !name.equals("!"))
                .ifPresent(name -> problems.add(
                        at(event),
                        "tag '%s' means nothing in a lab file; leave it out".formatted(Text.printable(name))));
    }

    private static Position at(Event event) {
        return event.getStartMark().map(YamlText::position).orElse(Position.WHOLE_FILE);
    }

    private static Position position(Mark mark) {
        return new Position(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private Position positionOf(int codePoints) {
        String before = text.substring(
                0, text.offsetByCodePoints(0, Math.min(codePoints, text.codePointCount(0, text.length()))));
        int lineStart = before.lastIndexOf('\n') + 1;
        return new Position(
                (int) before.chars().filter(c -> c == '\n').count() + 1,
                before.codePointCount(lineStart, before.length()) + 1);
    }

    private static String firstLine(String message) {
        return Text.printable(message.lines().findFirst().orElse(""));
    }
}
