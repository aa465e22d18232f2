package io.netyard.link;

import io.netyard.api.inventory.Inventory;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.wiring.Wiring;
import io.netyard.api.wiring.WiringMap;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The wiring as rtnetlink tells it, one dump per namespace. Namespaces are kept open while one look lasts, not longer: they would be kept
 * alive.
 */
@Component(service = Wiring.class)
public final class NetlinkWiring implements Wiring {

    /** How often to look when interfaces move from one namespace to another in the middle of it. The last look counts as it is. */
    private static final int LOOKS = 3;

    private final Inventory inventory;

    @Activate
    public NetlinkWiring(@Reference Inventory inventory) {
        this.inventory = inventory;
    }

    @Override
    public WiringMap look() {
        for (int attempt = 1; ; attempt++) {
            Inventory.Look look = inventory.look(Set.of(NamespaceType.NET));
            NamespaceId host = look.host().get(NamespaceType.NET);
            try (OpenNamespaces open = new OpenNamespaces(look.namespaces())) {
                Wirer wirer = new Wirer(open.look(), host, open);
                WiringMap map = wirer.map();
                if (!wirer.contradicted() || attempt == LOOKS) {
                    return map;
                }
            }
        }
    }
}
