package io.netyard.shell.console;

import io.netyard.api.container.Containers;
import io.netyard.api.inventory.Inventory;
import io.netyard.api.netns.Namespaces;

/** Services that a test has made. */
public final class FakeServices extends Services {

    public FakeServices(Namespaces namespaces, Inventory inventory, Containers containers) {
        this.namespaces = namespaces;
        this.inventory = inventory;
        this.containers = containers;
    }
}
