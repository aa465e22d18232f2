package io.netyard.netns;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.container.Container;
import io.netyard.api.container.Containers;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.netns.ForeignNamespaces;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.kernel.NamespaceThread;
import io.netyard.netns.LabAttachments.Entry;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Finds containers through their runtimes, processes in /proc, mounted namespaces by their path. */
@Component(service = ForeignNamespaces.class)
public final class LinuxForeignNamespaces implements ForeignNamespaces {

    private static final Path PROC = Path.of("/proc");

    private final Namespaces namespaces;
    private final Containers containers;
    private final LabAttachments attachments;
    private final ForeignWatch watch;

    @Activate
    public LinuxForeignNamespaces(@Reference Namespaces namespaces, @Reference Containers containers) {
        this.namespaces = namespaces;
        this.containers = containers;
        this.attachments = new LabAttachments(StateDirectory.DEFAULT);
        this.watch = new ForeignWatch(this::search);
    }

    @Deactivate
    public void close() {
        watch.close();
    }

    @Override
    public NetnsRef find(ForeignNamespace what) {
        return anchor(what).ref();
    }

    @Override
    public Attachment attach(String lab, String node, ForeignNamespace what) {
        Anchor anchor = anchor(what);
        int before = attachments.of(lab).stream()
                .filter(entry -> entry.node().equals(node) && entry.what().equals(what))
                .mapToInt(Entry::times)
                .findFirst()
                .orElse(0);
        Entry entry = new Entry(lab, node, what, anchor, now(), before + 1);
        attachments.put(entry);
        return attachment(entry);
    }

    @Override
    public void refresh(String lab) {
        for (Entry entry : attachments.of(lab)) {
            if (!entry.anchor().isValid() && entry.what().comesBack()) {
                look(entry.what())
                        .filter(anchor -> anchor.inode() == entry.anchor().inode())
                        .ifPresent(anchor -> attachments.put(
                                new Entry(lab, entry.node(), entry.what(), anchor, now(), entry.times() + 1)));
            }
        }
    }

    @Override
    public void detach(String lab, String node) {
        attachments.remove(lab, node);
    }

    @Override
    public List<Attachment> attachments(String lab) {
        return attachments.of(lab).stream()
                .map(LinuxForeignNamespaces::attachment)
                .toList();
    }

    @Override
    public List<String> labs() {
        return attachments.labs();
    }

    @Override
    public Watch watch(ForeignNamespace what, Consumer<Optional<NetnsRef>> listener) {
        return watch.watch(what, listener);
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private static Attachment attachment(Entry entry) {
        return new Attachment(
                entry.lab(),
                entry.node(),
                entry.what(),
                entry.since(),
                entry.times(),
                Optional.of(entry.anchor()).filter(Anchor::isValid).map(Anchor::ref));
    }

    /** For containers there is a cheaper way than to look at all that run each time. */
    private Supplier<Optional<Anchor>> search(ForeignNamespace what) {
        if (!(what instanceof ForeignNamespace.Container container)) {
            return () -> look(what);
        }
        Containers.Wait wait = containers.await(container.name());
        return () -> wait.look().flatMap(running -> look(what));
    }

    private Optional<Anchor> look(ForeignNamespace what) {
        try {
            return Optional.of(anchor(what));
        } catch (NetyardException e) {
            // Not there, or (a container that is just being made) not yet where it will be.
            return Optional.empty();
        }
    }

    private Anchor anchor(ForeignNamespace what) {
        Anchor found;
        if (what instanceof ForeignNamespace.Container container) {
            Container running = containers.find(container.name());
            found = ofProcess(running.pid(), OptionalLong.of(running.startTime()), what);
        } else if (what instanceof ForeignNamespace.Process process) {
            found = ofProcess(process.pid(), Processes.startTime(process.pid()), what);
        } else {
            found = mounted(((ForeignNamespace.Mount) what).path());
        }
        if (found.inode() == namespaces.host().inode()) {
            throw new RequestException(
                    "%s has no network namespace of its own, it shares the host's: use the node host".formatted(what));
        }
        namespaces.known().stream()
                .filter(netns ->
                        netns.origin() == Netns.Origin.OWN && netns.ref().inode() == found.inode())
                .findFirst()
                .ifPresent(own -> {
                    throw new RequestException(
                            "%s is %s, which Netyard has made: it cannot be attached".formatted(what, own.label()));
                });
        return found;
    }

    private static Anchor ofProcess(long pid, OptionalLong startTime, ForeignNamespace what) {
        OptionalLong inode = Processes.netInode(pid);
        if (startTime.isEmpty() || inode.isEmpty()) {
            throw new RequestException(
                    startTime.isPresent()
                            ? "%s: its namespaces may not be looked at, or it has just ended".formatted(what)
                            : "%s: there is no such process".formatted(what));
        }
        Anchor found = new io.netyard.netns.Attachment(pid, startTime.getAsLong(), inode.getAsLong());
        if (!found.isValid()) {
            throw new RequestException("%s: it has just ended".formatted(what));
        }
        return found;
    }

    private static Anchor mounted(Path path) {
        if (path.startsWith(PROC)) {
            throw new RequestException("%s: name a process by its pid, or a container, not a file below /proc"
                    .formatted(Text.printable(path.toString())));
        }
        MountedNamespace found = MountedNamespace.at(NamespacePath.of(path).path());
        try {
            // Whether it is one of networks only the kernel can say.
            NamespaceThread.call(found.ref(), () -> null);
        } catch (KernelException e) {
            throw new RequestException(Text.printable(path.toString()) + ": not a network namespace", e);
        }
        return found;
    }
}
