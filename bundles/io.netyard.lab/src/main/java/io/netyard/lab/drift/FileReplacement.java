package io.netyard.lab.drift;

import io.netyard.api.RequestException;
import io.netyard.api.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/** Puts another text in the place of a file, at one stroke. The file keeps its owner, its group and its mode; links to it stay links. */
final class FileReplacement {

    private FileReplacement() {}

    /** @throws RequestException if the file is not there any more, or says something else than {@code before} */
    static void requireUnchanged(Path file, String before) {
        try {
            if (!Files.readString(file).equals(before)) {
                throw new RequestException(
                        "%s has changed since the lab was applied: lab:apply it first, or put it back".formatted(file));
            }
        } catch (NoSuchFileException e) {
            throw new RequestException(
                    "%s is not there any more: lab:apply the lab from where it is now".formatted(file), e);
        } catch (IOException e) {
            throw failed(file, e);
        }
    }

    static void replace(Path named, String text) {
        Path part = null;
        try {
            Path file = named.toRealPath();
            PosixFileAttributes kept = Files.readAttributes(file, PosixFileAttributes.class);
            part = Files.createTempFile(file.getParent(), "." + file.getFileName(), ".part");
            Files.write(part, text.getBytes(StandardCharsets.UTF_8));
            PosixFileAttributeView view =
                    Files.getFileAttributeView(part, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            PosixFileAttributes made = view.readAttributes();
            if (!made.owner().equals(kept.owner())) {
                view.setOwner(kept.owner());
            }
            if (!made.group().equals(kept.group())) {
                view.setGroup(kept.group());
            }
            view.setPermissions(kept.permissions());
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            RequestException failure = failed(named, e);
            delete(part, failure);
            throw failure;
        }
    }

    private static void delete(Path part, RequestException failure) {
        try {
            if (part != null) {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static RequestException failed(Path file, IOException e) {
        String reason = e instanceof AccessDeniedException
                ? "permission denied"
                : Text.printable(String.valueOf(e.getMessage()));
        return new RequestException("%s cannot be written: %s".formatted(file, reason), e);
    }
}
