package io.netyard.netns;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;

/**
 * The namespace that is mounted on a file.
 *
 * @param inode of the namespace; some kernels give the next one the number of the one that has just ended
 * @param made when the kernel made its file, which a mount keeps in existence (nsfs_evict and ns_get_path in fs/nsfs.c): with the inode,
 *     its identity
 */
record MountedNamespace(Path path, long inode, Instant made) implements Anchor {

    /** @throws RequestException if there is no such file, or it cannot be looked at */
    static MountedNamespace at(Path path) {
        try {
            Map<String, Object> file = Files.readAttributes(path, "unix:ino,ctime");
            return new MountedNamespace(
                    path,
                    ((Number) file.get("ino")).longValue(),
                    ((java.nio.file.attribute.FileTime) file.get("ctime")).toInstant());
        } catch (NoSuchFileException e) {
            throw new RequestException(path + ": no such namespace", e);
        } catch (IOException e) {
            throw new RequestException(path + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public boolean isValid() {
        try {
            return at(path).equals(this);
        } catch (RequestException e) {
            return false;
        }
    }

    @Override
    public NetnsRef ref() {
        return new NetnsRef(inode, path, Optional.empty());
    }

    @Override
    public OptionalLong process() {
        return OptionalLong.empty();
    }

    @Override
    public void write(Properties properties) {
        properties.setProperty("path", path.toString());
        properties.setProperty("inode", Long.toString(inode));
        properties.setProperty("made", made.toString());
    }
}
