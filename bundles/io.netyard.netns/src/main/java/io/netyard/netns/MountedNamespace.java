package io.netyard.netns;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.kernel.NamespaceThread;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;

/** The namespace that is mounted on a file. */
record MountedNamespace(Path path, long inode) implements Anchor {

    @Override
    public boolean isValid() {
        try {
            return NamespaceThread.inode(path) == inode;
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
    }
}
