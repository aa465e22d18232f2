package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Netlink sockets in many namespaces, opened by one thread that enters one after the other, for one look at all of them. What the calling
 * thread {@link KeptNamespaces keeps} is used and stays open.
 */
public final class NetlinkSockets implements AutoCloseable {

    private final Map<NetnsRef, NetlinkSocket> sockets;

    private NetlinkSockets(Map<NetnsRef, NetlinkSocket> sockets) {
        this.sockets = sockets;
    }

    /**
     * Opens one in each of these namespaces but those that have ended.
     *
     * @throws KernelException if the kernel refuses to enter one of them
     */
    public static NetlinkSockets open(Collection<NetnsRef> wheres) {
        Map<NetnsRef, NetlinkSocket> sockets = new LinkedHashMap<>();
        Map<NetnsRef, NamespaceDescriptor> strange = new LinkedHashMap<>();
        Optional<KeptNamespaces> kept = KeptNamespaces.current();
        try {
            for (NetnsRef where : wheres) {
                Optional<NetlinkSocket> known = kept.flatMap(ways -> ways.socketIn(where));
                // Those that are opened below keep their places.
                sockets.put(where, known.orElse(null));
                if (known.isEmpty()) {
                    open(where).ifPresent(descriptor -> strange.put(where, descriptor));
                }
            }
            if (!strange.isEmpty()) {
                NetlinkSocket.openIn(strange, (where, refusal) -> {
                            throw refusal;
                        })
                        .forEach((where, socket) -> sockets.put(
                                where,
                                kept.map(ways -> ways.socket(where, () -> socket))
                                        .orElse(socket)));
            }
        } finally {
            strange.values().forEach(NamespaceDescriptor::close);
        }
        sockets.values().removeIf(Objects::isNull);
        return new NetlinkSockets(sockets);
    }

    private static Optional<NamespaceDescriptor> open(NetnsRef where) {
        try {
            return Optional.of(NamespaceDescriptor.open(where));
        } catch (RequestException e) {
            // It has ended.
            return Optional.empty();
        }
    }

    /**
     * Looks at each namespace once, at some on the calling thread and at some on another one at the same time.
     *
     * @return what was seen, in the order in which they were given
     */
    public <T> Map<NetnsRef, T> look(BiFunction<NetnsRef, NetlinkSocket, T> look) {
        List<Map.Entry<NetnsRef, NetlinkSocket>> all = List.copyOf(sockets.entrySet());
        List<T> seen = new ArrayList<>(Collections.nCopies(all.size(), null));
        TwoThreads.share(
                all.size(),
                () -> seen,
                (into, index) -> into.set(
                        index,
                        look.apply(all.get(index).getKey(), all.get(index).getValue())));
        Map<NetnsRef, T> found = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            found.put(all.get(i).getKey(), seen.get(i));
        }
        return found;
    }

    @Override
    public void close() {
        sockets.values().forEach(NetlinkSocket::close);
    }
}
