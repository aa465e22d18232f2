package io.netyard.netns;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What {@link ContainerRecognition} asks about processes. Empty where one has just ended or may not be looked at; never throws. */
interface ProcessFacts {

    /**
     * What /proc/PID/status says; anybody may read it. See proc_pid_status(5).
     *
     * @param parent 0 if it has none that can be seen
     * @param uid effective user id. Not that of the files in /proc: those are root's when the process has made itself undumpable
     * @param depth number of pid namespaces that it can be seen in, from the reader's own to its own
     * @param pidInside its pid in its own pid namespace
     */
    record Status(long parent, long uid, int depth, long pidInside) {}

    Optional<Status> status(long pid);

    /** Inode of its mount namespace. */
    OptionalLong mountNamespace(long pid);

    /** Inode of its pid namespace. */
    OptionalLong pidNamespace(long pid);

    /** The paths of its control groups, one for each hierarchy. */
    List<String> cgroups(long pid);

    /** Its arguments. */
    List<String> command(long pid);
}
