package io.netyard.api.container;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Recognises the containers of one runtime (LXC, Docker …) by what /proc shows of their processes; no daemon is asked. Register it as an
 * OSGi service: its containers show up everywhere at once, without a restart.
 *
 * <p>Remembers nothing. Safe for use from several threads.
 */
@ConsumerType
public interface ContainerRuntime {

    /** What users write before the colon of {@code lxc:web1}. Lower case letters, digits and hyphens, stable for ever. */
    String name();

    /** One sentence for lists and completion. */
    String description();

    /**
     * The name of the container that a process runs in; empty if it is in none of this runtime's. The runtime's own processes outside
     * (monitors, shims) are in none. Called for many processes, so it looks at the cheap facts first; never throws on what it does not
     * understand.
     */
    Optional<String> containerOf(Facts process);

    /** What /proc shows of a process. Read when asked for; empty where the process has just ended or may not be looked at. */
    interface Facts {

        long pid();

        /** The paths of /proc/PID/cgroup, without the hierarchy number and controllers, in the order of the file. */
        List<String> cgroups();

        /** Its arguments, undecodable bytes replaced. */
        List<String> command();

        /** Its parent; empty for the first process that can be seen. */
        Optional<Facts> parent();

        /** Whether it is in the same pid namespace as its parent; the first process of a container is usually not. */
        boolean sharesPidNamespaceWithParent();
    }
}
