package io.netyard.firewall;

import io.netyard.api.firewall.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A policy that is to be in force, as it is kept across restarts.
 *
 * @param pin asked for with the policy
 * @param backend who has loaded it
 * @param bridged whether bridged frames must be handed to the IP hooks for it; kept, since the backend may be gone when that matters
 */
record Wanted(String owner, Optional<String> pin, String backend, boolean bridged, Policy policy) {

    /** Not loaded yet. */
    Wanted(String owner, Optional<String> pin, Policy policy) {
        this(owner, pin, "", false, policy);
    }

    Wanted by(KnownBackend other) {
        return new Wanted(owner, pin, other.name(), other.needsBridgeNetfilter(policy), policy);
    }

    String name() {
        return policy.name();
    }

    /** One thing a line; those of the policy come last. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("owner " + owner);
        pin.ifPresent(name -> lines.add("pin " + name));
        lines.add("backend " + backend);
        lines.add("bridged " + bridged);
        lines.addAll(policy.lines());
        return lines;
    }

    /** @throws IllegalArgumentException if that is not what {@link #lines()} gave */
    static Wanted parse(List<String> lines) {
        Optional<String> owner = Optional.empty();
        Optional<String> pin = Optional.empty();
        Optional<String> backend = Optional.empty();
        boolean bridged = false;
        List<String> policy = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("owner ")) {
                owner = Optional.of(line.substring("owner ".length()));
            } else if (line.startsWith("pin ")) {
                pin = Optional.of(line.substring("pin ".length()));
            } else if (line.startsWith("backend ")) {
                backend = Optional.of(line.substring("backend ".length()));
            } else if (line.startsWith("bridged ")) {
                bridged = line.endsWith(" true");
            } else {
                policy.add(line);
            }
        }
        if (owner.isEmpty() || backend.isEmpty()) {
            throw new IllegalArgumentException("no owner or no backend");
        }
        return new Wanted(owner.get(), pin, backend.get(), bridged, Policy.parse(policy));
    }
}
