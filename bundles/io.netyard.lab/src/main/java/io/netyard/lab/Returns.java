package io.netyard.lab;

import io.netyard.api.NetnsRef;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.netns.ForeignNamespaces;
import io.netyard.api.netns.ForeignNamespaces.Watch;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.plan.LogContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches what labs have attached, and says which lab has to be wired again because something has come back. */
final class Returns implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Returns.class);

    private final ForeignNamespaces foreign;
    private final Consumer<String> rewire;
    private final Map<String, Map<ForeignNamespace, Watch>> watches = new HashMap<>();

    /** @param rewire gets the name of a lab; must not wait */
    Returns(ForeignNamespaces foreign, Consumer<String> rewire) {
        this.foreign = foreign;
        this.rewire = rewire;
    }

    /** From now on watches what {@code network} has attached, and nothing else of that lab. */
    synchronized void follow(String lab, Network network) {
        Set<ForeignNamespace> wanted = new HashSet<>();
        network.nodes().values().stream().map(Node::attached).forEach(what -> what.ifPresent(wanted::add));
        Map<ForeignNamespace, Watch> watched = watches.computeIfAbsent(lab, any -> new HashMap<>());
        watched.entrySet().removeIf(entry -> {
            boolean unwanted = !wanted.contains(entry.getKey());
            if (unwanted) {
                entry.getValue().close();
            }
            return unwanted;
        });
        wanted.forEach(
                what -> watched.computeIfAbsent(what, any -> foreign.watch(what, netns -> tell(lab, what, netns))));
        if (watched.isEmpty()) {
            watches.remove(lab);
        }
    }

    private void tell(String lab, ForeignNamespace what, Optional<NetnsRef> netns) {
        if (netns.isEmpty()) {
            LogContext.about(
                    lab,
                    () -> LOG.info("{} is not there{}", what, what.comesBack() ? "; it is wired when it is back" : ""));
            return;
        }
        long inode = netns.get().inode();
        boolean wired = foreign.attachments(lab).stream()
                .filter(had -> had.what().equals(what))
                .anyMatch(had -> had.netns().filter(ref -> ref.inode() == inode).isPresent());
        if (!wired) {
            rewire.accept(lab);
        }
    }

    @Override
    public synchronized void close() {
        watches.values().forEach(watched -> watched.values().forEach(Watch::close));
        watches.clear();
    }
}
