package io.netyard.lab.drift;

import io.netyard.lab.edit.UneditableException;
import io.netyard.lab.edit.YamlEditor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/**
 * The text of a lab file, edited for one of its stages. What is said already is edited where it holds for that stage: in the last of its
 * layers, the file's base and the stages up to this one, that says it. What is new is written where the most of what it belongs to is said.
 */
final class FileEdit {

    private final YamlEditor yaml;

    /** Of the stage among the stages; empty if the file has none. */
    private final OptionalInt stage;

    FileEdit(String text, List<String> stages, Optional<String> stage) {
        this.yaml = new YamlEditor(text);
        this.stage = stage.isPresent() ? OptionalInt.of(stages.indexOf(stage.get())) : OptionalInt.empty();
    }

    String text() {
        return yaml.text();
    }

    /** Paths to the layers, the last first. */
    private List<List<String>> layers() {
        List<List<String>> layers = new ArrayList<>();
        for (int i = stage.orElse(-1); i >= 0; i--) {
            layers.add(List.of("stages", Integer.toString(i)));
        }
        layers.add(List.of());
        return layers;
    }

    private static List<String> in(List<String> layer, List<String> path) {
        List<String> whole = new ArrayList<>(layer);
        whole.addAll(path);
        return whole;
    }

    private Optional<List<String>> said(List<String> path) {
        return layers().stream().map(layer -> in(layer, path)).filter(yaml::has).findFirst();
    }

    boolean has(List<String> path) {
        return said(path).isPresent();
    }

    /** The keys of a mapping in all layers. */
    List<String> keys(List<String> path) {
        return layers().stream()
                .flatMap(layer -> yaml.keys(in(layer, path)).stream())
                .distinct()
                .toList();
    }

    Optional<List<String>> items(List<String> path) {
        return said(path).flatMap(yaml::items);
    }

    private List<String> place(List<String> path) {
        Optional<List<String>> said = said(path);
        if (said.isPresent()) {
            return said.get();
        }
        List<String> best = null;
        int most = -1;
        for (List<String> layer : layers()) {
            int depth = yaml.depth(in(layer, path)) - layer.size();
            if (depth > most) {
                most = depth;
                best = layer;
            }
        }
        return in(best, path);
    }

    /** @param value as YAML in one line */
    void set(List<String> path, String value) {
        yaml.set(place(path), value);
    }

    void add(List<String> path, String item) {
        yaml.add(place(path), item);
    }

    void drop(List<String> path, Predicate<String> which) {
        List<String> place =
                said(path).orElseThrow(() -> new UneditableException("the file does not say it in a list of its own"));
        yaml.drop(place, which);
    }

    /** So that it does not hold at this stage any more; what other stages have of it they keep. */
    void remove(List<String> path) {
        List<List<String>> saying = layers().stream()
                .map(layer -> in(layer, path))
                .filter(yaml::has)
                .toList();
        if (saying.isEmpty()) {
            throw new UneditableException("the file does not say it in so many words");
        }
        List<String> own = in(layers().get(0), path);
        if (saying.equals(List.of(own))) {
            yaml.remove(own);
        } else {
            yaml.set(own, "null");
        }
    }
}
