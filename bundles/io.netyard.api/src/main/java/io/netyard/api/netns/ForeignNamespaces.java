package io.netyard.api.netns;

import io.netyard.api.NetnsRef;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Namespaces that others have made and that labs use as nodes. They are found, remembered and watched; never made, changed or destroyed. Safe
 * for use from several threads.
 */
@ProviderType
public interface ForeignNamespaces {

    /**
     * Where it is now.
     *
     * @throws io.netyard.api.RequestException if it is not there, or is the host's or one that Netyard has made; says what there is
     */
    NetnsRef find(ForeignNamespace what);

    /**
     * Remembers the namespace as a node of a lab, beyond the end of this JVM: from now on {@link Namespaces#known()} has it, as long as it is
     * there. Several labs may use the same one. One that the lab had under this name is replaced.
     *
     * @throws io.netyard.api.RequestException as {@link #find}
     */
    Attachment attach(String lab, String node, ForeignNamespace what);

    /**
     * Follows those of a lab whose namespace may have outlived what it was found by: the container's first process has ended and another one, in
     * a namespace of that number, has taken its place.
     */
    void refresh(String lab);

    /** Forgets it; idempotent. */
    void detach(String lab, String node);

    /** What a lab has attached, by node; those that have ended too, until they are detached or attached again. */
    List<Attachment> attachments(String lab);

    /** Names of all labs that have something attached. */
    List<String> labs();

    /**
     * Tells where it is: soon after this call, and from then on each time that it comes or goes. A process's end and changes of mounts are
     * events; what is missing is looked for a few times a second.
     *
     * @param listener gets nothing while it is not there; called on a thread of the watch, one call at a time, so it should be quick
     */
    Watch watch(ForeignNamespace what, Consumer<Optional<NetnsRef>> listener);

    /** Until it is closed; a call that has begun may outlast that. */
    interface Watch extends AutoCloseable {

        @Override
        void close();
    }

    /**
     * A foreign namespace as a node of a lab.
     *
     * @param since when it was attached last
     * @param times how often it has been attached: more than once if it has ended and come back
     * @param netns empty if that very namespace is not there any more
     */
    record Attachment(
            String lab, String node, ForeignNamespace what, Instant since, int times, Optional<NetnsRef> netns) {}
}
