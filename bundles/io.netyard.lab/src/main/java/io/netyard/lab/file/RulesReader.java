package io.netyard.lab.file;

import io.netyard.api.Text;
import io.netyard.api.firewall.Action;
import io.netyard.api.firewall.Point;
import io.netyard.lab.file.Lab.Rules;
import io.netyard.lab.file.Value.Mapping;
import io.netyard.lab.file.Value.Sequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads rules of firewalls and of NAT. */
final class RulesReader {

    private final Problems problems;

    RulesReader(Problems problems) {
        this.problems = problems;
    }

    /** A list of rules, or a mapping with more to say. */
    Optional<Rules> rules(Value value, String what, boolean filters) {
        if (value.isNull()) {
            return Optional.empty();
        }
        if (value instanceof Sequence) {
            Fields none = Fields.of(new Mapping(Map.of(), value.position()), what, problems);
            return Optional.of(
                    new Rules(none.texts(value, what, text -> text), Map.of(), Optional.empty(), value.position()));
        }
        Fields fields = filters
                ? Fields.of(value, what, problems, "rules", "otherwise", "backend")
                : Fields.of(value, what, problems, "rules", "backend");
        Map<Point, Action> otherwise = new LinkedHashMap<>();
        fields.named("otherwise").forEach((key, entry) -> fields.key(key, entry, RulesReader::point)
                .ifPresent(point -> fields.text(entry.value(), "otherwise at " + key, RulesReader::acceptOrDrop)
                        .ifPresent(action -> otherwise.put(point.value(), action.value()))));
        return Optional.of(new Rules(
                fields.texts("rules", text -> text).orElse(List.of()),
                otherwise,
                fields.text("backend", text -> LabReader.plainName("backend", text))
                        .map(At::value),
                value.position()));
    }

    private static Point point(String text) {
        return List.of(Point.values()).stream()
                .filter(point -> point.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'%s' is no point where rules hold: ingress, forward, input, output"
                                .formatted(Text.printable(text))));
    }

    private static Action acceptOrDrop(String text) {
        return switch (text) {
            case "accept" -> Action.ACCEPT;
            case "drop" -> Action.DROP;
            default -> throw new IllegalArgumentException("the rest can be met with accept or drop");
        };
    }
}
