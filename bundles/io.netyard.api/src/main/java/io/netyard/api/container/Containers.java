package io.netyard.api.container;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** The running containers of this host. Looks anew each time. Safe for use from several threads. */
@ProviderType
public interface Containers {

    /** Names of the registered {@link ContainerRuntime}s, with their descriptions. */
    Map<String, String> runtimes();

    /** All running containers, by label. Never fails because something vanishes while it looks. */
    List<Container> list();

    /**
     * The container that a user means: its label, or its {@code NAME} if only one has it. Those inside of other containers have none out here.
     *
     * @throws io.netyard.api.RequestException if none runs or several do; says which there are
     */
    Container find(String meant);

    /** For who waits until a container runs. Costs nothing until it is asked. */
    Wait await(String label);

    /**
     * Looks for one container again and again: cheaper than {@link #list()}, as processes that have been there for a while are looked at
     * only every two seconds. Remembers between looks, so it is for one thread.
     */
    @ProviderType
    interface Wait {

        /** The container if it runs now; returns at once. */
        Optional<Container> look();
    }
}
