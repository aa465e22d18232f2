package io.netyard.api.wiring;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Finds out how the network namespaces of this host are wired. Looks anew each time; nothing is cached. Never fails because something vanishes
 * while it looks: what has gone is left out. Safe for use from several threads.
 */
@ProviderType
public interface Wiring {

    /**
     * Looks at all interfaces of all network namespaces that {@link io.netyard.api.inventory.Inventory} finds. Changes nothing; the kernel
     * itself gives a namespace a number for another one (see ip-netns(8), {@code list-id}) when it first has to name that one in an answer,
     * whoever asks.
     */
    WiringMap look();
}
