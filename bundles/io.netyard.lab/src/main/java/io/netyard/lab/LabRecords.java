package io.netyard.lab;

import io.netyard.api.RequestException;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.lab.LabStore.Entry;
import io.netyard.lab.file.LabFile;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What has to be known about labs when the machine has been started anew: a file for each, written at one stroke. */
final class LabRecords {

    /** No lab is called so. */
    private static final String UNFINISHED = ".unfinished";

    private static final String NO_STAGE = "-";

    /** Of a record: where the file is from, stage, run of the machine, autostart; then the text. */
    private static final int PARTS = 5;

    /**
     * @param boot the run of the machine in which the lab was there, as {@link io.netyard.api.netns.Namespaces#boot} tells it
     * @param text the lab file's
     */
    record Record(Path file, Optional<String> stage, String boot, boolean autostart, String text) {

        static Record of(Entry entry, String boot, boolean autostart) {
            return new Record(
                    entry.file().file().toAbsolutePath(),
                    entry.stage(),
                    boot,
                    autostart,
                    entry.file().text());
        }

        /** @throws io.netyard.api.LabFileException if this version of the appliance does not accept the file any more */
        Entry entry() {
            return new Entry(LabFile.parse(text, file), stage);
        }
    }

    private final Path directory;

    /** @param directory made when there is something to be kept */
    LabRecords(Path directory) {
        this.directory = directory;
    }

    List<String> names() {
        TreeSet<String> names = new TreeSet<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".")) {
                    names.add(name);
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException | DirectoryIteratorException e) {
            throw failed(directory, e);
        }
        return List.copyOf(names);
    }

    /** Empty too for a file that is no record. */
    Optional<Record> find(String lab) {
        Path file = file(lab);
        try {
            String[] parts = Files.readString(file).split("\n", PARTS);
            if (parts.length < PARTS) {
                return Optional.empty();
            }
            return Optional.of(new Record(
                    Path.of(URI.create(parts[0])),
                    Optional.of(parts[1]).filter(stage -> !stage.equals(NO_STAGE)),
                    parts[2],
                    Boolean.parseBoolean(parts[3]),
                    parts[4]));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw failed(file, e);
        }
    }

    /**
     * One that is to be brought back without being asked for is on the disk when this returns; others get there when the kernel thinks fit,
     * since all that a power cut can take is that they are listed.
     */
    synchronized void put(String lab, Record record) {
        if (find(lab).filter(record::equals).isPresent()) {
            return;
        }
        Path file = file(lab);
        Path unfinished = directory.resolve(UNFINISHED);
        String text = String.join(
                "\n",
                record.file().toUri().toString(),
                record.stage().orElse(NO_STAGE),
                record.boot(),
                Boolean.toString(record.autostart()),
                record.text());
        try {
            Files.createDirectories(directory);
            try (FileChannel out = FileChannel.open(
                    unfinished,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                if (record.autostart()) {
                    out.force(true);
                }
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            if (record.autostart()) {
                try (FileChannel entries = FileChannel.open(directory)) {
                    entries.force(true);
                }
            }
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    synchronized void forget(String lab) {
        Path file = file(lab);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    private Path file(String lab) {
        try {
            NetnsSpec.requireName("lab", lab);
        } catch (IllegalArgumentException e) {
            throw new RequestException(e.getMessage(), e);
        }
        return directory.resolve(lab);
    }

    private static RequestException failed(Path path, Exception e) {
        return new RequestException("%s: %s".formatted(path, e), e);
    }
}
