package io.netyard.lab.file;

import io.netyard.api.LabFileException;
import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.lab.file.Value.Entry;
import io.netyard.lab.file.Value.Mapping;
import io.netyard.lab.file.Value.Sequence;
import io.netyard.lab.network.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A lab file that makes sense at each of its stages. */
public final class LabFile {

    /** In bytes. */
    private static final int LARGEST = 1 << 20;

    private static final int MOST_STAGES = 100;

    private final String name;
    private final Path file;
    private final String text;
    private final Optional<String> defaultStage;
    private final Optional<Boolean> autostart;
    /** By stage; a file without stages is one without a name. */
    private final Map<Optional<String>, Lab> labs;

    /** The same at all stages, so that an interface keeps its name from one to the next. */
    private final GeneratedNames names;

    /** By stage. */
    private final Map<Optional<String>, Meaning> meanings = new LinkedHashMap<>();

    private LabFile(
            String name,
            Path file,
            String text,
            Optional<String> defaultStage,
            Optional<Boolean> autostart,
            Map<Optional<String>, Lab> labs) {
        this.name = name;
        this.file = file;
        this.text = text;
        this.defaultStage = defaultStage;
        this.autostart = autostart;
        this.labs = labs;
        this.names = new GeneratedNames(List.copyOf(labs.values()));
    }

    /** @throws LabFileException if the file cannot be read, or if anything in it is wrong, at whatever stage */
    public static LabFile read(Path file) {
        return parse(textOf(file), file);
    }

    /**
     * @param file where the text is from
     * @throws LabFileException if anything is wrong, at whatever stage
     */
    public static LabFile parse(String text, Path file) {
        Problems problems = new Problems(file);
        Value root = YamlText.parse(text.startsWith("\uFEFF") ? text.substring(1) : text, problems);
        if (!(root instanceof Mapping)) {
            throw problems.with(root.position(), "a lab file must be a mapping (key: value), not " + root.kind());
        }
        Fields fields = Fields.of(
                root,
                "a lab file",
                problems,
                Stream.concat(Stream.of("lab", "autostart", "default_stage", "stages"), LabReader.KEYS.stream())
                        .toArray(String[]::new));
        if (!fields.has("lab")) {
            problems.add(root.position(), "the lab has no name; start the file with 'lab: NAME'");
        }
        Optional<At<String>> name = fields.text("lab", LabFile::labName);
        LabReader reader = new LabReader(problems);
        Map<Optional<String>, Lab> labs = new LinkedHashMap<>();
        stages(fields, root, problems).forEach((stage, merged) -> labs.put(stage, reader.read(merged)));
        Optional<At<String>> defaultStage = fields.text("default_stage", stage -> stage);
        defaultStage
                .filter(stage -> !labs.containsKey(Optional.of(stage.value())))
                .ifPresent(stage -> problems.add(
                        stage.position(),
                        "no stage '%s'; %s"
                                .formatted(Text.printable(stage.value()), Spelling.hint(stage.value(), names(labs)))));
        Optional<Boolean> autostart = fields.flag("autostart");
        problems.throwIfAny();
        LabFile lab = new LabFile(name.orElseThrow().value(), file, text, defaultStage.map(At::value), autostart, labs);
        lab.attachedByPid()
                .filter(node -> autostart.orElse(false))
                .ifPresent(node -> problems.add(
                        fields.keyPosition("autostart", root.position()),
                        "the lab cannot be brought back after a restart: node %s is attached by a pid, which then means another process"
                                .formatted(node)));
        labs.keySet().forEach(stage -> lab.meanings.put(stage, lab.compile(stage, problems)));
        problems.throwIfAny();
        return lab;
    }

    public String name() {
        return name;
    }

    /** In order; empty if the file has none. */
    public List<String> stages() {
        return names(labs);
    }

    /** The stage that is meant when nobody names one, if the file says so; else it is the last. */
    public Optional<String> defaultStage() {
        return defaultStage;
    }

    /** Whether the lab is to be brought back after a restart of the machine; empty if the file does not say. */
    public Optional<Boolean> autostart() {
        return autostart;
    }

    /** A node that is somebody's process, known by its pid alone, at any stage. */
    public Optional<String> attachedByPid() {
        return labs.values().stream()
                .flatMap(lab -> lab.nodes().values().stream())
                .filter(node -> node.attach()
                        .filter(what -> what.value() instanceof ForeignNamespace.Process)
                        .isPresent())
                .map(node -> node.name().value())
                .findFirst();
    }

    public String text() {
        return text;
    }

    public Path file() {
        return file;
    }

    /**
     * @param stage empty means the default one
     * @throws RequestException if the file has no such stage
     */
    public Meaning at(Optional<String> stage) {
        List<String> stages = stages();
        Optional<String> chosen = stage.or(() -> defaultStage)
                .or(() -> stages.isEmpty() ? Optional.empty() : Optional.of(stages.get(stages.size() - 1)));
        if (!labs.containsKey(chosen)) {
            throw new RequestException("lab %s has no stage '%s'; %s"
                    .formatted(
                            name,
                            Text.printable(chosen.orElseThrow()),
                            stages.isEmpty() ? "it has no stages" : "its stages are " + String.join(", ", stages)));
        }
        return meanings.get(chosen);
    }

    /**
     * The link that ends at a place.
     *
     * @param stage one of the file's; empty if it has none
     */
    public Optional<String> linkAt(Optional<String> stage, Place place) {
        return Wiring.of(labs.get(stage), names, new Problems(file)).stream()
                .filter(end -> end.place().equals(place))
                .map(Wiring.End::link)
                .findFirst();
    }

    private Meaning compile(Optional<String> stage, Problems problems) {
        return new Compiler(labs.get(stage), names, problems).compile(name, file, stages(), stage);
    }

    private static List<String> names(Map<Optional<String>, Lab> labs) {
        return labs.keySet().stream().flatMap(Optional::stream).toList();
    }

    private static String labName(String text) {
        NetnsSpec.requireName("lab", text);
        return text;
    }

    /** What the file says at each stage, all stages before it included. What must hold is each stage's own. */
    private static Map<Optional<String>, Value> stages(Fields fields, Value root, Problems problems) {
        Value base = only(root, true);
        Optional<Value> stages = fields.given("stages");
        if (stages.isEmpty()) {
            return Map.of(Optional.empty(), base);
        }
        if (!(stages.get() instanceof Sequence list) || list.items().isEmpty()) {
            problems.add(stages.get().position(), "stages must be a list, each with a name");
            return Map.of();
        }
        if (list.items().size() > MOST_STAGES) {
            problems.add(list.position(), "more than %d stages".formatted(MOST_STAGES));
            return Map.of();
        }
        Map<Optional<String>, Value> merged = new LinkedHashMap<>();
        Map<String, Position> seen = new LinkedHashMap<>();
        Value below = only(root, false);
        for (Value item : list.items()) {
            Fields stage = Fields.of(
                    item,
                    "a stage",
                    problems,
                    Stream.concat(Stream.of("name"), LabReader.KEYS.stream()).toArray(String[]::new));
            if (!stage.has("name")) {
                problems.add(item.position(), "a stage has no name; give it one with 'name: NAME'");
            }
            below = MergePatch.merge(below, only(item, false));
            Optional<At<String>> name = stage.text("name", text -> LabReader.plainName("stage", text));
            if (name.isPresent()) {
                Position before =
                        seen.putIfAbsent(name.get().value(), name.get().position());
                if (before != null) {
                    problems.add(
                            name.get().position(),
                            "stage '%s' is there already, in line %d".formatted(name.get(), before.line()));
                }
                merged.putIfAbsent(
                        Optional.of(name.get().value()), withExpect(below, stage.has("expect") ? item : root));
            }
        }
        return merged;
    }

    /** The parts that stages lay over one another. */
    private static Value only(Value value, boolean withExpect) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        if (value instanceof Mapping mapping) {
            mapping.entries().forEach((key, entry) -> {
                if (LabReader.KEYS.contains(key) && (withExpect || !key.equals("expect"))) {
                    entries.put(key, entry);
                }
            });
        }
        return new Mapping(entries, value.position());
    }

    private static Value withExpect(Value merged, Value from) {
        Map<String, Entry> entries = new LinkedHashMap<>(((Mapping) merged).entries());
        if (from instanceof Mapping mapping && mapping.entries().containsKey("expect")) {
            entries.put("expect", mapping.entries().get("expect"));
        }
        return new Mapping(entries, merged.position());
    }

    /** @throws LabFileException if the file cannot be read, or cannot be a lab file */
    public static String textOf(Path file) {
        Problems problems = new Problems(file);
        if (!Files.exists(file)) {
            throw problems.with(Position.WHOLE_FILE, "no such file");
        }
        if (!Files.isRegularFile(file)) {
            throw problems.with(Position.WHOLE_FILE, "not a regular file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw problems.with(Position.WHOLE_FILE, "larger than 1 MiB; a lab file is some kilobytes of YAML");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw problems.with(Position.WHOLE_FILE, "not UTF-8 text; a lab file is YAML in UTF-8");
        } catch (IOException e) {
            throw problems.with(
                    Position.WHOLE_FILE, "cannot be read: " + Text.printable(String.valueOf(e.getMessage())));
        }
    }
}
