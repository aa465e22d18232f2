package io.netyard.api.container;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Knows the containers of one runtime (LXC, Docker …) by the traces they leave in /proc; no daemon is asked. Register it as an OSGi
 * service: its containers show up everywhere at once, without a restart.
 *
 * <p>It only reads what it is given. Which of it to believe, which container is inside which, and which process is the first one, is the
 * appliance's business. Remembers nothing, never throws, safe for use from several threads.
 */
@ConsumerType
public interface ContainerRuntime {

    /** What users write before the colon of {@code lxc:web1}. A lower case letter, then such letters, digits and hyphens; stable for ever. */
    String name();

    /** One sentence for lists and completion. */
    String description();

    /**
     * The container whose processes are in this control group or below it, and not yet in the one above it. Asked for each part of the way
     * from the root of a hierarchy to a process's group, outermost first: {@code /a/b} is asked about as {@code [a]} and {@code [a, b]}.
     *
     * @param path names of the groups as cgroups(7) shows them, at least one
     * @return its name as the runtime's own tools call it; empty if this group is no container's
     */
    Optional<String> ofCgroup(List<String> path);

    /**
     * The container that a process watches over from outside: asked about the parents of processes that are the first ones of a pid namespace.
     * This is what is left to go by where the runtime uses no control groups, and often knows a name where those show an id.
     *
     * @param command the arguments of that process, undecodable bytes replaced; at least one
     * @return the name as of {@link #ofCgroup}; empty if this is no such process
     */
    Optional<String> ofMonitor(List<String> command);
}
