package io.netyard.shell.link;

import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.link.MacvlanMode;
import io.netyard.api.wiring.Place;
import io.netyard.api.wiring.WiredInterface;
import io.netyard.api.wiring.WiredInterface.Far;
import io.netyard.api.wiring.WiringMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** A small host: a container on a filtering bridge, what stands on its interface elsewhere, and a cable into the unknown. */
final class Maps {

    static final NamespaceId HOST = id(1);
    static final NamespaceId WEB = id(2);
    static final NamespaceId LAB = id(3);

    private static final OptionalInt NONE = OptionalInt.empty();

    static final WiringMap SMALL = new WiringMap(List.of(
            place(
                    HOST,
                    "host",
                    Optional.empty(),
                    Set.of("host"),
                    device(1, "lo", "loopback", NONE, List.of(), Optional.empty()),
                    device(4, "br0", "bridge", NONE, List.of(), Optional.empty()),
                    device(7, "vnet3", "veth", OptionalInt.of(4), vlans(), to(WEB, 2, "eth0")),
                    device(9, "odd\"\\", "veth", NONE, List.of(), unknown(6, 3))),
            place(
                    WEB,
                    "lxc:web1",
                    Optional.of("lxc:web1"),
                    Set.of(),
                    device(2, "eth0", "veth", NONE, List.of(), to(HOST, 7, "vnet3"))),
            place(
                    LAB,
                    "demo/n1",
                    Optional.empty(),
                    Set.of("demo/n1"),
                    device(5, "eth0.10", "vlan", NONE, List.of(), to(WEB, 2, "eth0")),
                    device(6, "mv0", "macvlan", NONE, List.of(), to(LAB, 5, "eth0.10")))));

    private Maps() {}

    private static NamespaceId id(long inode) {
        return new NamespaceId(NamespaceType.NET, inode);
    }

    private static List<VlanEntry> vlans() {
        return List.of(new VlanEntry(new VlanId(10), true, true), new VlanEntry(new VlanId(20), false, false));
    }

    private static Optional<Far> to(NamespaceId namespace, int index, String name) {
        return Optional.of(new Far(Optional.of(namespace), OptionalInt.of(0), index, Optional.of(name)));
    }

    private static Optional<Far> unknown(int nsid, int index) {
        return Optional.of(new Far(Optional.empty(), OptionalInt.of(nsid), index, Optional.empty()));
    }

    private static Place place(
            NamespaceId id, String label, Optional<String> container, Set<String> labels, WiredInterface... devices) {
        HostNamespace namespace = new HostNamespace(
                id,
                List.of(new Holding(Holding.Kind.PROCESS, OptionalLong.of(1), "/proc/1/ns/net")),
                List.of(1L),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                container,
                labels);
        return new Place(namespace, label, Optional.empty(), List.of(devices));
    }

    private static WiredInterface device(
            int index, String name, String kind, OptionalInt controller, List<VlanEntry> vlans, Optional<Far> far) {
        return new WiredInterface(
                index,
                name,
                kind,
                true,
                true,
                Optional.empty(),
                kind.equals("vlan") ? Optional.of(new VlanId(10)) : Optional.empty(),
                kind.equals("macvlan") ? Optional.of(MacvlanMode.BRIDGE) : Optional.empty(),
                kind.equals("bridge"),
                controller,
                vlans,
                far);
    }
}
