package io.netyard.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.KernelException;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.api.link.Cards;
import io.netyard.api.link.Links;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.kernel.NamespaceDescriptor;
import io.netyard.kernel.NetlinkMessage;
import io.netyard.kernel.NetlinkRequest;
import io.netyard.kernel.NetlinkSocket;
import io.netyard.kernel.route.AddressRequests;
import io.netyard.kernel.route.InterfaceState;
import io.netyard.kernel.route.LinkReply;
import io.netyard.kernel.route.LinkRequests;
import io.netyard.kernel.route.OwnerAlias;
import io.netyard.kernel.route.RouteReply;
import io.netyard.kernel.route.RouteRequests;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lends cards in steps that can be told from each other afterwards: the record is written, the card is marked in its alias, it is moved. On the
 * way back it is moved, put right, unmarked, and the record deleted. So whatever carries the mark is the card, wherever it is and whatever it
 * is called by now; a record without a marked interface is of a card that has not been touched yet, is all right again, or has been deleted.
 */
@Component(service = Cards.class)
public final class HostCards implements Cards {

    private static final Logger LOG = LoggerFactory.getLogger(HostCards.class);

    /** What the alias of a lent card starts with; its name on the host follows. Not one that says who made the interface. */
    private static final String MARK = "netyard-card:";

    private final Namespaces namespaces;
    private final CardRecords records;

    /** Called between steps, so that tests can end there. */
    private final Runnable betweenSteps;

    @Activate
    public HostCards(@Reference Namespaces namespaces) {
        this(namespaces, CardRecords.DEFAULT, () -> {});
        try {
            restoreReturned().forEach(LOG::info);
        } catch (NetyardException e) {
            LOG.warn("Lent cards that came back by themselves stay as they are: {}", e.getMessage());
        }
    }

    HostCards(Namespaces namespaces, CardRecords records, Runnable betweenSteps) {
        this.namespaces = namespaces;
        this.records = records;
        this.betweenSteps = betweenSteps;
    }

    @Override
    public synchronized Lent lend(
            InterfaceName hostInterface, NetnsRef to, InterfaceName as, String owner, boolean force) {
        if (to.inode() == namespaces.host().inode()) {
            throw new RequestException(hostInterface + " is in the host's namespace already");
        }
        Optional<CardRecord> earlier = records.read(hostInterface);
        if (earlier.isPresent()) {
            restoreIfReturned(earlier.get());
        }
        if (records.read(hostInterface).isPresent()) {
            throw new RequestException("%s is lent already, to %s".formatted(hostInterface, place(earlier.get())));
        }
        return named(() -> lendNow(hostInterface, to, as, owner, force), to, namespaces.host());
    }

    private Lent lendNow(InterfaceName hostInterface, NetnsRef to, InterfaceName as, String owner, boolean force) {
        try (NetlinkSocket host = NetlinkSocket.open(namespaces.host());
                NetlinkSocket there = NetlinkSocket.open(to);
                NamespaceDescriptor destination = NamespaceDescriptor.open(to)) {
            String subject = hostInterface + " in " + namespaces.host();
            LinkReply card = LinkReply.of(host.get(LinkRequests.get(hostInterface, "lend", subject)));
            if (links(there, to).stream().anyMatch(link -> link.interfaceName().equals(as))) {
                throw new RequestException("%s has an interface %s already".formatted(namespaces.label(to), as));
            }
            List<NetlinkMessage> routes =
                    host.dump(RouteRequests.dump(namespaces.host().toString()));
            requireLendable(card, links(host, namespaces.host()), routes, force);
            CardRecord record = new CardRecord(
                    hostInterface,
                    card.index(),
                    to,
                    as,
                    owner,
                    card.isUp(),
                    mtu(card),
                    card.mac(),
                    card.alias().orElse(""),
                    InterfaceState.of(
                            card.index(),
                            host.dump(AddressRequests.dump(namespaces.host().toString())),
                            routes));
            records.write(record);
            try {
                betweenSteps.run();
                host.execute(LinkRequests.setAlias(card.index(), mark(record), subject));
                betweenSteps.run();
                host.execute(LinkRequests.move(card.index(), destination.number(), as, subject));
                betweenSteps.run();
            } catch (RuntimeException e) {
                try {
                    takeBack(record);
                } catch (RuntimeException alsoFailed) {
                    e.addSuppressed(alsoFailed);
                }
                throw e;
            }
            return lent(record);
        }
    }

    private static void requireLendable(
            LinkReply card, List<LinkReply> onHost, List<NetlinkMessage> routes, boolean force) {
        String name = card.interfaceName() + " of the host";
        if (card.kind().equals("loopback")) {
            throw new RequestException("lo cannot be lent: each namespace has its own");
        }
        Optional<String> owner = OwnerAlias.owner(card.alias()).filter(lab -> !lab.equals(Links.HAND_MADE));
        if (owner.isPresent()) {
            throw new RequestException("%s belongs to lab %s and cannot be lent".formatted(name, owner.get()));
        }
        if (card.controller().isPresent()) {
            throw new RequestException(name + " is a port of "
                    + onHost.stream()
                            .filter(link -> link.index() == card.controller().getAsInt())
                            .map(link -> link.interfaceName().toString())
                            .findFirst()
                            .orElse("a bridge")
                    + ": take it out first");
        }
        onHost.stream()
                .filter(link -> link.link().orElse(0) == card.index()
                        && link.linkNetnsid().isEmpty()
                        && !link.kind().equals(LinkReply.VETH))
                .findFirst()
                .ifPresent(upper -> {
                    throw new RequestException(
                            "%s carries %s: delete that first".formatted(name, upper.interfaceName()));
                });
        if (InterfaceState.sharesRoute(card.index(), routes)) {
            throw new RequestException(name
                    + " is one of several next hops of a route, which cannot be put back: remove that route first");
        }
        boolean isDefault = RouteReply.listOf(routes).stream()
                .anyMatch(route -> route.table() == RouteReply.MAIN
                        && route.destination().length() == 0
                        && route.index().orElse(0) == card.index());
        if (isDefault && !force) {
            throw new RequestException(name
                    + " carries the default route, the host's own way out: lend it with --force if you can do without");
        }
    }

    private static Optional<Mtu> mtu(LinkReply card) {
        try {
            return Optional.of(new Mtu(card.mtu()));
        } catch (IllegalArgumentException e) {
            // Not an Ethernet device's: it is left as it is.
            return Optional.empty();
        }
    }

    @Override
    public synchronized List<String> giveBack(InterfaceName hostInterface) {
        CardRecord record = records.read(hostInterface)
                .orElseThrow(
                        () -> new RequestException(hostInterface + " is not lent; link:cards lists those that are"));
        return named(() -> takeBack(record), record.netns(), namespaces.host());
    }

    @Override
    public synchronized List<Lent> lent() {
        return records.all().stream()
                .filter(record -> where(record).filter(found -> !isHost(found)).isPresent())
                .map(HostCards::lent)
                .toList();
    }

    @Override
    public synchronized List<String> restoreReturned() {
        return records.all().stream()
                .flatMap(record -> restoreIfReturned(record).stream())
                .toList();
    }

    /** Leaves one that is where it was lent to. */
    private List<String> restoreIfReturned(CardRecord record) {
        Optional<Found> found = where(record);
        if (found.filter(elsewhere -> !isHost(elsewhere)).isPresent()) {
            return List.of();
        }
        List<String> told = new ArrayList<>();
        told.add(
                found.isPresent()
                        ? "%s is back from %s and was made what it was".formatted(record.name(), place(record))
                        : "%s is not lent to %s any more".formatted(record.name(), place(record)));
        told.addAll(named(() -> takeBack(record), record.netns(), namespaces.host()));
        return told;
    }

    /** From wherever it is. @return what could not be put back */
    private List<String> takeBack(CardRecord record) {
        Optional<Found> found = where(record);
        if (found.isPresent() && !isHost(found.get())) {
            moveBack(record, found.get());
            betweenSteps.run();
            found = where(record);
        }
        List<String> failed = found.isPresent() ? putRight(record, found.get().link()) : unlessUntouched(record);
        betweenSteps.run();
        records.delete(record.name());
        return failed;
    }

    /** Nothing carries the mark: it has not been touched yet, or is all right again, or is no more. */
    private List<String> unlessUntouched(CardRecord record) {
        NetnsRef host = namespaces.host();
        try (NetlinkSocket socket = NetlinkSocket.open(host)) {
            boolean there = links(socket, host).stream()
                    .anyMatch(link -> link.interfaceName().equals(record.name()));
            return there ? List.of() : List.of(record.name() + " does not exist any more: it went with its namespace");
        }
    }

    private void moveBack(CardRecord record, Found found) {
        NetnsRef host = namespaces.host();
        try (NetlinkSocket here = NetlinkSocket.open(host);
                NetlinkSocket there = NetlinkSocket.open(found.netns());
                NamespaceDescriptor destination = NamespaceDescriptor.open(host)) {
            // The kernel would move it, and then not be able to rename it.
            if (links(here, host).stream().anyMatch(link -> link.interfaceName().equals(record.name()))) {
                throw new RequestException(
                        "the host has another interface %s by now: rename that, so that the card can come back"
                                .formatted(record.name()));
            }
            there.execute(LinkRequests.move(
                    found.link().index(),
                    destination.number(),
                    record.name(),
                    found.link().interfaceName() + " in " + found.netns()));
        }
    }

    /** Makes it what it was. What fails is told and does not stop the rest. Each step can be done again. */
    private List<String> putRight(CardRecord record, LinkReply card) {
        List<String> failed = new ArrayList<>();
        NetnsRef host = namespaces.host();
        String subject = record.name() + " in " + host;
        int index = card.index();
        try (NetlinkSocket socket = NetlinkSocket.open(host)) {
            if (!card.interfaceName().equals(record.name())) {
                // As the kernel brings it home it is down, which renaming needs.
                socket.execute(LinkRequests.rename(index, record.name(), card.interfaceName() + " in " + host));
                betweenSteps.run();
            }
            if (!card.mac().equals(record.mac())) {
                for (MacAddress mac : record.mac().stream().toList()) {
                    attempt(socket, LinkRequests.setMac(index, mac, subject), failed);
                }
            }
            if (record.mtu().isPresent() && record.mtu().get().bytes() != card.mtu()) {
                attempt(socket, LinkRequests.setMtu(index, record.mtu().get(), subject), failed);
            }
            attempt(socket, LinkRequests.setUp(index, record.up(), subject), failed);
            betweenSteps.run();
            for (NetlinkRequest address : record.state().addressRequests(index, subject)) {
                attempt(socket, address, failed);
                betweenSteps.run();
            }
            routes(socket, record.state().routeRequests(index, subject), failed);
            betweenSteps.run();
            socket.execute(LinkRequests.setAlias(index, record.alias(), subject));
        }
        return failed.stream().distinct().toList();
    }

    /** Again and again, as long as one more gets in: a gateway may have to be reachable first. */
    private void routes(NetlinkSocket socket, List<NetlinkRequest> requests, List<String> failed) {
        List<NetlinkRequest> left = requests;
        while (true) {
            List<NetlinkRequest> refused = new ArrayList<>();
            List<String> refusals = new ArrayList<>();
            for (NetlinkRequest request : left) {
                if (!attempt(socket, request, refusals)) {
                    refused.add(request);
                }
                betweenSteps.run();
            }
            if (refused.isEmpty()) {
                return;
            }
            if (refused.size() == left.size()) {
                failed.addAll(refusals);
                return;
            }
            left = refused;
        }
    }

    private boolean attempt(NetlinkSocket socket, NetlinkRequest request, List<String> failed) {
        try {
            socket.execute(request);
            return true;
        } catch (KernelException e) {
            if (e.isPresent()) {
                return true;
            }
            failed.add(e.of(e.subject().replace(namespaces.host().toString(), "host"))
                    .getMessage());
            return false;
        }
    }

    private record Found(NetnsRef netns, LinkReply link) {}

    /** Looks at the host first, then where it was lent to, then everywhere. Empty if nothing carries its mark. */
    private Optional<Found> where(CardRecord record) {
        Stream<NetnsRef> likely = Stream.of(namespaces.host(), record.netns());
        return Stream.<Supplier<Stream<NetnsRef>>>of(
                        () -> likely, () -> namespaces.list().stream().map(Netns::ref))
                .flatMap(Supplier::get)
                .flatMap(netns -> in(netns, record).stream())
                .findFirst();
    }

    private Optional<Found> in(NetnsRef netns, CardRecord record) {
        try (NetlinkSocket socket = NetlinkSocket.open(netns)) {
            return links(socket, netns).stream()
                    .filter(link -> link.alias().filter(mark(record)::equals).isPresent())
                    .map(link -> new Found(netns, link))
                    .findFirst();
        } catch (NetyardException e) {
            if (netns.inode() == namespaces.host().inode()) {
                throw e;
            }
            // It has ended, or is named by another way now, and will be met by that one.
            return Optional.empty();
        }
    }

    private static List<LinkReply> links(NetlinkSocket socket, NetnsRef netns) {
        return LinkReply.listOf(socket.dump(LinkRequests.dump(netns.toString())));
    }

    private boolean isHost(Found found) {
        return found.netns().inode() == namespaces.host().inode();
    }

    private static String mark(CardRecord record) {
        return MARK + record.name();
    }

    private static Lent lent(CardRecord record) {
        return new Lent(record.name(), record.netns(), record.as(), record.owner());
    }

    private String place(CardRecord record) {
        return namespaces.label(record.netns());
    }

    /** Refusals name the namespaces as the user knows them. */
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
