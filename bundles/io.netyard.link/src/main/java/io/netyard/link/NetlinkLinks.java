package io.netyard.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.KernelException;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.NetnsRef;
import io.netyard.api.VlanId;
import io.netyard.api.link.Link;
import io.netyard.api.link.LinkEnd;
import io.netyard.api.link.Links;
import io.netyard.api.link.MacvlanMode;
import io.netyard.api.netns.Namespaces;
import io.netyard.kernel.KernelFeatures;
import io.netyard.kernel.NamespaceDescriptor;
import io.netyard.kernel.NamespaceThread;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.TapDevice;
import io.netyard.kernel.route.AddressRequests;
import io.netyard.kernel.route.LinkReply;
import io.netyard.kernel.route.LinkRequests;
import io.netyard.kernel.route.OwnerAlias;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Interfaces over rtnetlink. Remembers nothing of what it made: the kernel is asked each time. A socket lives as long as one call, since it
 * would keep a namespace alive that has ended for everybody else.
 *
 * <p>Interfaces are looked up by name and then acted upon by ifindex, on one socket: a name that someone moves in between cannot bring the
 * change to another device.
 */
@Component(service = Links.class)
public final class NetlinkLinks implements Links {

    // asm-generic/errno-base.h
    private static final int EBUSY = 16;
    private static final int EEXIST = 17;
    private static final int EINVAL = 22;

    private final Namespaces namespaces;

    @Activate
    public NetlinkLinks(@Reference Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    @Override
    public List<Link> list(NetnsRef netns) {
        return in(netns, socket -> SeenNamespace.look(netns, socket)
                .links(new LinkTargets(namespaces, netns, socket)::of));
    }

    @Override
    public Map<NetnsRef, List<Link>> list(Collection<NetnsRef> netnses) {
        try (LinkSurvey survey = new LinkSurvey(namespaces)) {
            return named(() -> survey.look(netnses), netnses.toArray(NetnsRef[]::new));
        }
    }

    @Override
    public void createVeth(LinkEnd a, LinkEnd b, Optional<Mtu> mtu, String owner) {
        named(
                () -> {
                    try (NetlinkSocket socket = NetlinkSocket.open(a.netns());
                            NetlinkSocket peerSocket = NetlinkSocket.open(b.netns())) {
                        createVeth(socket, a, peerSocket, b, mtu);
                        try {
                            mark(socket, a, owner);
                            mark(peerSocket, b, owner);
                        } catch (RuntimeException e) {
                            undo(e, () -> delete(socket, a.netns(), a.name()));
                            throw e;
                        }
                    }
                    return null;
                },
                a.netns(),
                b.netns());
    }

    private static void createVeth(
            NetlinkSocket socket, LinkEnd a, NetlinkSocket peerSocket, LinkEnd b, Optional<Mtu> mtu) {
        String subjectA = subject(a.netns(), a.name());
        String subjectB = subject(b.netns(), b.name());
        try (NamespaceDescriptor peerNamespace = NamespaceDescriptor.open(b.netns())) {
            socket.execute(LinkRequests.createVeth(
                    a.name(), a.mac(), b.name(), b.mac(), peerNamespace.number(), mtu, subjectA + " - " + subjectB));
        } catch (KernelException e) {
            // The kernel does not say which end it means.
            if (e.isPresent() && exists(socket, a)) {
                throw e.of(subjectA);
            }
            if (e.isPresent() && exists(peerSocket, b)) {
                throw e.of(subjectB);
            }
            throw e;
        }
    }

    private static boolean exists(NetlinkSocket socket, LinkEnd end) {
        try {
            find(socket, end.netns(), end.name(), "find");
            return true;
        } catch (KernelException e) {
            if (e.isAbsent()) {
                return false;
            }
            throw e;
        }
    }

    private static void mark(NetlinkSocket socket, LinkEnd end, String owner) {
        mark(socket, end.netns(), end.name(), owner);
    }

    private static void mark(NetlinkSocket socket, NetnsRef netns, InterfaceName name, String owner) {
        int index = find(socket, netns, name, "mark the owner of").index();
        socket.execute(LinkRequests.setAlias(index, OwnerAlias.of(owner), subject(netns, name)));
    }

    @Override
    public void createVlan(NetnsRef netns, InterfaceName parent, InterfaceName name, VlanId vlan, String owner) {
        in(netns, socket -> {
            String operation = "create the VLAN subinterface %s of".formatted(name);
            int parentIndex = find(socket, netns, parent, operation).index();
            socket.execute(LinkRequests.createVlan(parentIndex, name, vlan, subject(netns, name)));
            try {
                mark(socket, netns, name, owner);
            } catch (RuntimeException e) {
                undo(e, () -> delete(socket, netns, name));
                throw e;
            }
            return null;
        });
    }

    @Override
    public void createMacvlan(NetnsRef parentNetns, InterfaceName parent, LinkEnd end, MacvlanMode mode, String owner) {
        String subject = subject(end.netns(), end.name());
        named(
                () -> {
                    try (NetlinkSocket socket = NetlinkSocket.open(parentNetns);
                            NetlinkSocket ownSocket = NetlinkSocket.open(end.netns());
                            NamespaceDescriptor namespace = NamespaceDescriptor.open(end.netns())) {
                        int index = find(socket, parentNetns, parent, "make a macvlan of")
                                .index();
                        socket.execute(LinkRequests.createMacvlan(
                                index, end.name(), end.mac(), mode, namespace.number(), subject));
                        try {
                            mark(ownSocket, end, owner);
                        } catch (RuntimeException e) {
                            undo(e, () -> delete(ownSocket, end.netns(), end.name()));
                            throw e;
                        }
                    }
                    return null;
                },
                parentNetns,
                end.netns());
    }

    @Override
    public void createTap(NetnsRef netns, InterfaceName name, Optional<MacAddress> mac, String owner) {
        named(
                () -> NamespaceThread.call(netns, () -> {
                    // Until it is told to stay it goes with the descriptor: nothing half-made can be left.
                    try (NetlinkSocket socket = NetlinkSocket.openHere();
                            TapDevice tap = createTapHere(netns, name)) {
                        if (mac.isPresent()) {
                            int index = find(socket, netns, name, "set the MAC address of")
                                    .index();
                            socket.execute(LinkRequests.setMac(index, mac.get(), subject(netns, name)));
                        }
                        mark(socket, netns, name, owner);
                        tap.persist();
                        return null;
                    }
                }),
                netns);
    }

    private static TapDevice createTapHere(NetnsRef netns, InterfaceName name) {
        try {
            return TapDevice.createHere(name);
        } catch (KernelException e) {
            // What tun answers if any interface has that name.
            boolean taken = e.errno() == EBUSY || e.errno() == EINVAL;
            throw new KernelException(
                    e.operation(), subject(netns, name), taken && exists(netns, name) ? EEXIST : e.errno(), e.detail());
        }
    }

    private static boolean exists(NetnsRef netns, InterfaceName name) {
        try (NetlinkSocket socket = NetlinkSocket.openHere()) {
            return exists(socket, new LinkEnd(netns, name, Optional.empty()));
        }
    }

    private static void undo(RuntimeException failure, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    @Override
    public void delete(NetnsRef netns, InterfaceName name) {
        in(netns, socket -> {
            delete(socket, netns, name);
            return null;
        });
    }

    private static void delete(NetlinkSocket socket, NetnsRef netns, InterfaceName name) {
        int index = find(socket, netns, name, "delete").index();
        socket.execute(LinkRequests.delete(index, subject(netns, name)));
    }

    @Override
    public void setUp(NetnsRef netns, InterfaceName name, boolean up) {
        in(netns, socket -> {
            int index =
                    find(socket, netns, name, up ? "bring up" : "bring down").index();
            socket.execute(LinkRequests.setUp(index, up, subject(netns, name)));
            return null;
        });
    }

    @Override
    public void setMtu(NetnsRef netns, InterfaceName name, Mtu mtu) {
        in(netns, socket -> {
            int index = find(socket, netns, name, "set the MTU of").index();
            socket.execute(LinkRequests.setMtu(index, mtu, subject(netns, name)));
            return null;
        });
    }

    @Override
    public void setMac(NetnsRef netns, InterfaceName name, MacAddress mac) {
        in(netns, socket -> {
            int index = find(socket, netns, name, "set the MAC address of").index();
            socket.execute(LinkRequests.setMac(index, mac, subject(netns, name)));
            return null;
        });
    }

    @Override
    public void addAddress(NetnsRef netns, InterfaceName name, IpPrefix address) {
        in(netns, socket -> {
            int index =
                    find(socket, netns, name, "add address " + address + " to").index();
            socket.execute(AddressRequests.add(index, address, subject(netns, name)));
            return null;
        });
    }

    @Override
    public void removeAddress(NetnsRef netns, InterfaceName name, IpPrefix address) {
        in(netns, socket -> {
            int index = find(socket, netns, name, "remove address " + address + " from")
                    .index();
            socket.execute(AddressRequests.remove(index, address, subject(netns, name)));
            return null;
        });
    }

    @Override
    public boolean supportsVlanSubinterfaces() {
        return KernelFeatures.vlanSubinterfaces();
    }

    private static LinkReply find(NetlinkSocket socket, NetnsRef netns, InterfaceName name, String operation) {
        return LinkReply.of(socket.get(LinkRequests.get(name, operation, subject(netns, name))));
    }

    private static String subject(NetnsRef netns, InterfaceName name) {
        return name + " in " + netns;
    }

    private <T> T in(NetnsRef netns, Function<NetlinkSocket, T> work) {
        return named(
                () -> {
                    try (NetlinkSocket socket = NetlinkSocket.open(netns)) {
                        return work.apply(socket);
                    }
                },
                netns);
    }

    /** Refusals name the namespace as the user knows it; it is looked up only then. */
    private <T> T named(Supplier<T> work, NetnsRef... involved) {
        try {
            return work.get();
        } catch (KernelException e) {
            String subject = e.subject();
            for (NetnsRef netns : involved) {
                subject = subject.replace(netns.toString(), namespaces.label(netns));
            }
            throw e.of(subject);
        }
    }
}
