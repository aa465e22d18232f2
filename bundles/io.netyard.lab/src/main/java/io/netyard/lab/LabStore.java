package io.netyard.lab;

import io.netyard.api.RequestException;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.lab.LabRecords.Record;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.file.Meaning;
import io.netyard.lab.network.Network;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What has to be known about labs when the JVM that made them is gone: for each a directory with the file
 * {@code settled}, which says what it is, and, while a change is under way, {@code changing}, which says what it is to become. Each is
 * written at one stroke. It ends with the boot, as the labs do; where {@code /run} does not, {@code boot} in the directory says of which run
 * of the machine the rest speaks. What must be known even then is in the records.
 */
final class LabStore {

    private static final String SETTLED = "settled";
    private static final String CHANGING = "changing";
    private static final String BOOT = "boot";
    private static final String NO_STAGE = "-";

    /** In {@code changing}: the lab is being destroyed. */
    private static final String DESTROY = "destroy\n";

    /** A lab file at one of its stages. */
    record Entry(LabFile file, Optional<String> stage) {

        Meaning meaning() {
            return file.at(stage);
        }

        Network network() {
            return meaning().network();
        }
    }

    /** Is told, on the thread that makes the change. */
    interface Listener {

        /** A change of the lab begins. */
        void changes(String lab);

        /** It is over: the lab is what {@link #settled} says, whether that is new or not, or is gone. */
        void changed(String lab);
    }

    private static final Listener NOBODY = new Listener() {
        @Override
        public void changes(String lab) {}

        @Override
        public void changed(String lab) {}
    };

    private final Path root;
    private final LabRecords records;
    private final String boot;
    private final ReadFiles files = new ReadFiles();
    private volatile Listener listener = NOBODY;

    /** The one of this appliance. Its records are in Karaf's data directory, which no other appliance shares and no upgrade empties. */
    static LabStore of(Namespaces namespaces) {
        Path records = Path.of(System.getProperty("karaf.data"), "labs");
        return new LabStore(Path.of("/run/netyard/labs"), new LabRecords(records), namespaces.boot());
    }

    /** One with its records beside it. */
    static LabStore in(Path directory, Namespaces namespaces) {
        return new LabStore(directory, new LabRecords(directory.resolveSibling("lab-records")), namespaces.boot());
    }

    /** @param boot the present run of the machine */
    LabStore(Path root, LabRecords records, String boot) {
        this.root = root;
        this.records = records;
        this.boot = boot;
    }

    /**
     * Sees to it that what is here speaks of the present run of the machine: what an earlier one has left is not there any more, whatever
     * happens to look like it. The record of each lab is brought up to date.
     */
    void adopt(String lab) {
        // Without a note an earlier version of the appliance has written it.
        String of = read(lab, BOOT).orElse(boot);
        if (of.equals(boot)) {
            write(lab, BOOT, boot);
            settled(lab).ifPresent(entry -> record(lab, entry, boot));
            return;
        }
        try {
            if (records.find(lab).isEmpty()) {
                settled(lab).ifPresent(entry -> record(lab, entry, of));
            }
        } finally {
            discard(lab);
        }
    }

    /** Of labs that another appliance on this machine has destroyed. */
    void forgetDestroyed() {
        List<String> there = names();
        records.names().stream()
                .filter(lab -> !there.contains(lab))
                .filter(lab -> records.find(lab)
                        .filter(record -> record.boot().equals(boot))
                        .isPresent())
                .forEach(records::forget);
    }

    /** Where those who change labs say so. */
    Path turns() {
        return root.resolveSibling("turns");
    }

    /** There is one listener. */
    void listen(Listener only) {
        listener = only;
    }

    /** Why nothing can be said of a lab that is there. */
    static String noFile(String lab) {
        return "no file is known of lab %s, it was made by hand or left half-made: lab:apply its file, or lab:destroy %s"
                .formatted(lab, lab);
    }

    List<String> names() {
        TreeSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> labs = Files.newDirectoryStream(root)) {
            labs.forEach(lab -> names.add(lab.getFileName().toString()));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            throw failed(root, e);
        }
        return List.copyOf(names);
    }

    Optional<Entry> settled(String lab) {
        return read(lab, SETTLED).map(this::parse);
    }

    /** Whether exactly that is what the lab is, and no change is under way. */
    boolean isSettled(String lab, Entry entry) {
        return read(lab, SETTLED).equals(Optional.of(text(entry))) && !isChanging(lab);
    }

    /** The lab files that were read lately, those in here among them. */
    ReadFiles files() {
        return files;
    }

    /** What a lab was last meant to be; {@link Network#EMPTY} if it was never there. */
    Network meant(String lab) {
        return settled(lab).map(Entry::network).orElse(Network.EMPTY);
    }

    boolean isChanging(String lab) {
        return read(lab, CHANGING).isPresent();
    }

    /** What an unfinished change was to lead to; empty if the lab was being destroyed. */
    Optional<Entry> changing(String lab) {
        return read(lab, CHANGING).filter(text -> !text.equals(DESTROY)).map(this::parse);
    }

    /** What is known of a lab that ended with an earlier run of the machine; empty if it did not. */
    Optional<Record> lost(String lab) {
        return records.find(lab)
                .filter(record -> !record.boot().equals(boot) && settled(lab).isEmpty());
    }

    /** Those that are there or half-made, and those that are lost. */
    List<String> namesWithLost() {
        TreeSet<String> names = new TreeSet<>(names());
        records.names().stream().filter(lab -> lost(lab).isPresent()).forEach(names::add);
        return List.copyOf(names);
    }

    boolean autostart(String lab) {
        return records.find(lab).filter(Record::autostart).isPresent();
    }

    /** @throws RequestException if no file is known of that lab */
    void setAutostart(String lab, boolean autostart) {
        Record record = settled(lab)
                .map(entry -> Record.of(entry, boot, autostart))
                .or(() -> lost(lab)
                        .map(lost -> new Record(lost.file(), lost.stage(), lost.boot(), autostart, lost.text())))
                .orElseThrow(() -> new RequestException("no file is known of lab " + lab));
        records.put(lab, record);
    }

    void begin(String lab, Entry target) {
        write(lab, BOOT, boot);
        write(lab, CHANGING, text(target));
        listener.changes(lab);
    }

    void beginDestroying(String lab) {
        write(lab, BOOT, boot);
        write(lab, CHANGING, DESTROY);
        listener.changes(lab);
    }

    /** The change has succeeded. */
    void settle(String lab, Entry entry) {
        write(lab, BOOT, boot);
        write(lab, SETTLED, text(entry));
        delete(lab, CHANGING);
        record(lab, entry, boot);
        listener.changed(lab);
    }

    private void record(String lab, Entry entry, String of) {
        boolean autostart = records.find(lab)
                .map(Record::autostart)
                .orElseGet(() -> entry.file().autostart().orElse(false));
        records.put(lab, Record.of(entry, of, autostart));
    }

    /** The change has not taken place. */
    void abort(String lab) {
        delete(lab, CHANGING);
        tidy(lab);
        listener.changed(lab);
    }

    /** The lab is not there any more, and is not to be. */
    void forget(String lab) {
        records.forget(lab);
        discard(lab);
    }

    /** As if nothing had been written here; its record stays. */
    void discard(String lab) {
        delete(lab, SETTLED);
        delete(lab, CHANGING);
        tidy(lab);
        listener.changed(lab);
    }

    private static String text(Entry entry) {
        return "%s\n%s\n%s"
                .formatted(
                        entry.file().file().toAbsolutePath().toUri(),
                        entry.stage().orElse(NO_STAGE),
                        entry.file().text());
    }

    private Entry parse(String text) {
        String[] parts = text.split("\n", 3);
        Optional<String> stage = Optional.of(parts[1]).filter(name -> !name.equals(NO_STAGE));
        return new Entry(files.parse(parts[2], Path.of(URI.create(parts[0]))), stage);
    }

    private Optional<String> read(String lab, String name) {
        Path file = directory(lab).resolve(name);
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException | java.nio.file.NotDirectoryException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private void write(String lab, String name, String text) {
        Path directory = directory(lab);
        Path part = directory.resolve(name + ".part");
        try {
            Files.createDirectories(directory);
            Files.write(part, text.getBytes(StandardCharsets.UTF_8));
            Files.move(part, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw failed(directory, e);
        }
    }

    private void delete(String lab, String name) {
        Path file = directory(lab).resolve(name);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    /** Removes the directories that hold nothing any more. */
    private void tidy(String lab) {
        delete(lab, SETTLED + ".part");
        delete(lab, CHANGING + ".part");
        delete(lab, BOOT + ".part");
        if (read(lab, SETTLED).isEmpty() && read(lab, CHANGING).isEmpty()) {
            delete(lab, BOOT);
        }
        for (Path at : List.of(directory(lab), root, root.getParent())) {
            try {
                Files.deleteIfExists(at);
            } catch (DirectoryNotEmptyException e) {
                return;
            } catch (IOException e) {
                throw failed(at, e);
            }
        }
    }

    private Path directory(String lab) {
        try {
            NetnsSpec.requireName("lab", lab);
        } catch (IllegalArgumentException e) {
            throw new RequestException(e.getMessage(), e);
        }
        return root.resolve(lab);
    }

    private static RequestException failed(Path path, Exception e) {
        String reason =
                e instanceof java.nio.file.AccessDeniedException ? "permission denied, needs root" : e.toString();
        return new RequestException("%s: %s".formatted(path, reason), e);
    }
}
