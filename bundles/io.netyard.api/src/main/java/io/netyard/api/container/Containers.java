package io.netyard.api.container;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** The running containers of this host. Looks anew each time. Safe for use from several threads. */
@ProviderType
public interface Containers {

    /** Names of the registered {@link ContainerRuntime}s, with their descriptions. */
    Map<String, String> runtimes();

    /** All running containers, by label. Never fails because something vanishes while it looks. */
    List<Container> list();

    /**
     * The container that a user means: {@code RUNTIME:NAME}, or {@code NAME} if only one runtime has it.
     *
     * @throws io.netyard.api.RequestException if none runs or several do; says which there are
     */
    Container find(String meant);
}
