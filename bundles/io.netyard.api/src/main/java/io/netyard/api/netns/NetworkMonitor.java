package io.netyard.api.netns;

import io.netyard.api.NetnsRef;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Tells that something in a network namespace has changed, whoever has changed it: what {@code ip monitor} shows, of many namespaces at
 * once. Says what kind of thing it was and not what has become of it: whoever wants to know looks. Safe for use from several threads.
 *
 * <p>To listen to a namespace does not keep it alive.
 */
@ProviderType
public interface NetworkMonitor {

    /**
     * Begins to listen. What changes after this has returned is told.
     *
     * @param namespaces those that are gone already are told as {@link Kind#GONE} at once, on the calling thread
     * @param listener is called on the monitor's own thread, and must not wait
     * @throws io.netyard.api.KernelException if the kernel does not let us listen
     */
    Subscription watch(Set<NetnsRef> namespaces, Consumer<Notice> listener);

    /** @param netns where it was; empty for {@link Kind#MISSED} */
    record Notice(Optional<NetnsRef> netns, Kind kind) {}

    /** What has changed. */
    enum Kind {
        /** An interface, whatever of it. */
        LINK,
        ADDRESS,
        ROUTE,
        /** A permanent neighbour was set. */
        NEIGHBOUR_SET,
        /** A neighbour was forgotten or does not answer; it may have been a permanent one. */
        NEIGHBOUR_GONE,
        /** A VLAN table of a bridge. */
        VLAN,
        /** Forwarding, reverse path filter or proxies of an interface. */
        PARAMETER,
        /** Rules of nf_tables; of the older iptables and ebtables nobody tells. */
        FIREWALL,
        /** The namespace has ended. */
        GONE,
        /** More happened than could be told, anywhere: all is to be looked at, and the namespaces are to be watched anew. */
        MISSED
    }

    /** To be closed when nobody wants to be told any more; a notice may still be under way then. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
