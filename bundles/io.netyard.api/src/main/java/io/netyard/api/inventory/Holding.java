package io.netyard.api.inventory;

import java.util.OptionalLong;

/**
 * Something that keeps a namespace alive.
 *
 * @param pid the process through which it does, if any: of a process, thread, descriptor or socket its own; of a mount, one that sees it
 * @param path a file that opens the namespace now, or, for a socket, the descriptor in /proc; printable as it is. Empty for a relative, and
 *     for a mount that cannot be reached by a path: another one lies on it, or no process is in its mount namespace
 */
public record Holding(Kind kind, OptionalLong pid, String path) {

    /** Ways of keeping a namespace alive. */
    public enum Kind {
        /** A process is in it. */
        PROCESS,
        /** A thread is in it, whose process is elsewhere (setns(2) and unshare(2) move single threads). */
        THREAD,
        /** The children that a process starts will be in it, which it is not itself; pid and time namespaces only. */
        FOR_CHILDREN,
        /** A file of /proc/PID/ns is bind mounted, in some mount namespace. */
        MOUNT,
        /** A process has its file open. */
        DESCRIPTOR,
        /** A process has a socket of it open; network namespaces only. */
        SOCKET,
        /** Another namespace that exists is its child, or is owned by it; user and pid namespaces only. */
        RELATIVE
    }
}
