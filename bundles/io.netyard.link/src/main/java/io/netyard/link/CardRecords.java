package io.netyard.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.RequestException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The records of lent cards, a file for each, called as the card is. Each is there whole or not at all: it is written beside, under a name that
 * no interface can have, and then renamed.
 *
 * @param directory {@code /run/netyard/cards}; exists only while there is something in it
 */
record CardRecords(Path directory) {

    static final CardRecords DEFAULT = new CardRecords(Path.of("/run/netyard/cards"));

    /** Longer than the name of any interface. */
    private static final String UNFINISHED = ".being-written-by-netyard";

    void write(CardRecord record) {
        Path file = file(record.name());
        Path unfinished = directory.resolve(record.name() + UNFINISHED);
        try {
            Files.createDirectories(directory);
            Files.writeString(unfinished, record.text());
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new RequestException("%s: cannot be written (%s)".formatted(file, e), e);
        }
    }

    Optional<CardRecord> read(InterfaceName name) {
        return Files.exists(file(name)) ? Optional.of(read(file(name))) : Optional.empty();
    }

    /** By name of the card. */
    List<CardRecord> all() {
        List<CardRecord> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (!file.getFileName().toString().endsWith(UNFINISHED)) {
                    found.add(read(file));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException | DirectoryIteratorException e) {
            throw new RequestException(directory + ": cannot be read (" + e.getMessage() + ")", e);
        }
        found.sort(Comparator.comparing(CardRecord::name));
        return found;
    }

    private static CardRecord read(Path file) {
        try {
            return CardRecord.parse(Files.readString(file));
        } catch (IOException | IllegalArgumentException e) {
            throw new RequestException(
                    "%s: cannot be read as what a lent card was (%s); put the card right by hand and delete the file"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    /** Deletes a record, what a crash has left unfinished, and the directory and the one above if nothing is in them any more. */
    void delete(InterfaceName name) {
        try {
            Files.deleteIfExists(file(name));
            Files.deleteIfExists(directory.resolve(name + UNFINISHED));
            Files.deleteIfExists(directory);
            Files.deleteIfExists(directory.getParent());
        } catch (DirectoryNotEmptyException e) {
            // Something else is in there.
            return;
        } catch (IOException e) {
            throw new RequestException("%s: cannot be deleted (%s)".formatted(file(name), e), e);
        }
    }

    private Path file(InterfaceName name) {
        return directory.resolve(name.value());
    }
}
