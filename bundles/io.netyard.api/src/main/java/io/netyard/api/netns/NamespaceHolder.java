package io.netyard.api.netns;

import io.netyard.api.NetnsRef;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One way of keeping a namespace alive. Register it as an OSGi service; it can then be named in lab files and on the
 * console at once, without a restart.
 *
 * <p>A holder remembers nothing in memory that it could not find again on the host: namespaces outlive the JVM.
 * Implementations must be safe for use from several threads.
 */
@ConsumerType
public interface NamespaceHolder {

    /** What users write to choose it. Lower case, stable for ever. */
    String name();

    /** One sentence for lists and completion. */
    String description();

    /**
     * Called on a thread that is <em>inside</em> the new network and UTS namespaces (and dies soon after): makes them outlive
     * that thread.
     *
     * @return where they can be reached from now on
     * @throws io.netyard.api.NetyardException if they cannot be held; nothing may be left behind then
     */
    NetnsRef hold(NetnsSpec spec);

    /** Everything this holder holds on this host now, found by looking. */
    List<Held> held();

    /**
     * Lets go; idempotent. Returns when the host shows no trace of the holding any more (bounded, at most some seconds).
     */
    void release(Held held);

    /**
     * Clears away what was begun for a node of this lab and never finished, since the JVM that was at it has been killed. Called while nobody
     * makes any for that lab. Has nothing to do where holding is a single step.
     */
    default void sweep(String lab) {}

    /**
     * @param pid of the process that holds it; 0 if none does
     */
    record Held(NetnsSpec spec, NetnsRef ref, long pid) {}
}
