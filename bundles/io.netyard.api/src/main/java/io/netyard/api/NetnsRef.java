package io.netyard.api;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Says which network namespace is meant, in a way that cannot silently come to mean another one: a path through which
 * it can be opened now, and the inode it must then turn out to have (pids and file names are reused).
 *
 * @param inode the namespace's inode number in nsfs: what {@code lsns} prints and readlink shows in brackets
 * @param net a file that opens it: {@code /proc/PID/ns/net} or a bind mount of it
 * @param uts a file that opens the UTS namespace (host name) that belongs with it, if it has one of its own
 */
public record NetnsRef(long inode, Path net, Optional<Path> uts) {

    @Override
    public String toString() {
        return "net:[" + inode + "]";
    }
}
