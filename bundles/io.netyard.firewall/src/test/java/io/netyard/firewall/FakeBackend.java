package io.netyard.firewall;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Keeps in memory what a real one keeps in the kernel. */
final class FakeBackend implements FirewallBackend {

    private final String name;
    private final List<String> journal;

    /** By namespace and policy. */
    final Map<String, Loaded> kernel = new TreeMap<>();

    final Set<Layer> layers = new HashSet<>(Set.of(Layer.values()));
    boolean bridged;
    boolean ignoresBridged;
    boolean refuses;
    boolean forgets;
    Optional<String> unavailable = Optional.empty();

    /** @param journal gets a line for each change */
    FakeBackend(String name, List<String> journal) {
        this.name = name;
        this.journal = journal;
    }

    @Override
    public Optional<String> unavailable() {
        return unavailable;
    }

    @Override
    public Optional<String> objection(Policy policy) {
        return layers.contains(policy.layer()) ? Optional.empty() : Optional.of("layer " + policy.layer());
    }

    @Override
    public boolean needsBridgeNetfilter(Policy policy) {
        return bridged;
    }

    @Override
    public boolean ignoresBridgedFrames(Policy policy) {
        return ignoresBridged;
    }

    @Override
    public List<String> render(Policy policy) {
        return List.of(name + " " + policy.name());
    }

    @Override
    public void load(NetnsRef netns, Policy policy) {
        if (refuses) {
            throw new RequestException(name + " refuses");
        }
        journal.add("load " + name + " " + policy.name());
        if (!forgets) {
            kernel.put(
                    key(netns, policy.name()),
                    new Loaded(policy.name(), policy.layer(), policy.fingerprint(), List.of()));
        }
    }

    @Override
    public void unload(NetnsRef netns, Layer layer, String policy) {
        if (kernel.remove(key(netns, policy)) != null) {
            journal.add("unload " + name + " " + policy);
        }
    }

    @Override
    public List<Loaded> loaded(NetnsRef netns) {
        List<Loaded> found = new ArrayList<>();
        kernel.forEach((key, loaded) -> {
            if (key.startsWith(netns.inode() + "/")) {
                found.add(loaded);
            }
        });
        return found;
    }

    private static String key(NetnsRef netns, String policy) {
        return netns.inode() + "/" + policy;
    }
}
