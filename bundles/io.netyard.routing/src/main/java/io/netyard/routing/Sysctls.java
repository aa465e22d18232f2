package io.netyard.routing;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.routing.SysctlName;
import io.netyard.kernel.NamespaceDescriptor;
import io.netyard.kernel.NamespaceThread;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Network sysctls. /proc/sys/net shows the namespace of the thread that opens a file (net_ctl_root in net/sysctl_net.c), so they are read and
 * written by a thread inside.
 */
final class Sysctls {

    private static final Path ROOT = Path.of("/proc/sys");

    /** Where sysctls come with a module, by the beginning of their path. */
    private static final Map<String, String> MODULES = Map.of(
            "net/bridge/bridge-nf-", "br_netfilter",
            "net/netfilter/nf_conntrack", "nf_conntrack",
            "net/nf_conntrack", "nf_conntrack",
            "net/ipv6/", "ipv6",
            "net/mpls/", "mpls_router",
            "net/sctp/", "sctp");

    /** In bytes: more than any number takes. */
    private static final int PIECE = 4096;

    Optional<String> read(NetnsRef netns, SysctlName name) {
        return NamespaceThread.call(netns, () -> readHere(name));
    }

    /** By one thread that enters one namespace after the other. */
    Map<NetnsRef, Map<SysctlName, String>> read(Map<NetnsRef, Set<SysctlName>> names) {
        Map<NetnsRef, NamespaceDescriptor> open = new LinkedHashMap<>();
        Map<NetnsRef, Map<SysctlName, String>> values = new LinkedHashMap<>();
        try {
            for (NetnsRef netns : names.keySet()) {
                try {
                    open.put(netns, NamespaceDescriptor.open(netns));
                } catch (RequestException e) {
                    // It has ended.
                }
            }
            NamespaceThread.visit(
                    open,
                    netns -> {
                        Map<SysctlName, String> there = new LinkedHashMap<>();
                        names.get(netns).forEach(name -> readHere(name).ifPresent(value -> there.put(name, value)));
                        values.put(netns, there);
                    },
                    (netns, refusal) -> {
                        throw refusal;
                    });
            return values;
        } finally {
            open.values().forEach(NamespaceDescriptor::close);
        }
    }

    Optional<String> readDefault(SysctlName name) {
        return NamespaceThread.callInNew("netyard-probe", () -> readHere(name.ofNewInterfaces()));
    }

    Map<SysctlName, String> read(NetnsRef netns, Collection<SysctlName> names) {
        return NamespaceThread.call(netns, () -> readHere(names, name -> name));
    }

    Map<SysctlName, String> readDefaults(Collection<SysctlName> names) {
        return NamespaceThread.callInNew("netyard-probe", () -> readHere(names, SysctlName::ofNewInterfaces));
    }

    private static Map<SysctlName, String> readHere(Collection<SysctlName> names, UnaryOperator<SysctlName> place) {
        Map<SysctlName, String> values = new LinkedHashMap<>();
        names.forEach(name -> readHere(place.apply(name)).ifPresent(value -> values.put(name, value)));
        return values;
    }

    private static Optional<String> readHere(SysctlName name) {
        try {
            return Optional.of(value(file(name)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (Files.notExists(file(name)) || Files.isDirectory(file(name))) {
                return Optional.empty();
            }
            throw new RequestException("sysctl %s cannot be read: %s".formatted(name, reason(e)), e);
        }
    }

    /**
     * By large reads: the kernel hands a number out in one piece, and to whoever asks for a single byte first, as {@link Files#readString} does
     * of a file that has no size, gives just that (do_proc_dointvec in kernel/sysctl.c).
     */
    private static String value(Path file) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        ByteBuffer piece = ByteBuffer.allocate(PIECE);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(piece.clear()) > 0) {
                read.write(piece.array(), 0, piece.position());
            }
        }
        return read.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    /** @param label the namespace as the user knows it; asked only if something is wrong */
    void write(NetnsRef netns, SysctlName name, String value, Supplier<String> label) {
        if (value.isBlank() || value.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
            throw new RequestException("'%s' is not a value for sysctl %s".formatted(Text.printable(value), name));
        }
        NamespaceThread.call(netns, () -> {
            writeHere(name, value, label);
            return null;
        });
    }

    private static void writeHere(SysctlName name, String value, Supplier<String> label) {
        Path file = file(name);
        if (!Files.isRegularFile(file)) {
            throw new RequestException(absent(name, label.get()));
        }
        try {
            // One write(2): the kernel takes each as a value of its own.
            Files.write(file, (value + "\n").getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new RequestException(
                    "%s: the kernel does not take '%s' for sysctl %s: %s"
                            .formatted(label.get(), value, name, reason(e)),
                    e);
        }
    }

    private static String absent(SysctlName name, String label) {
        String path = name.path();
        if (name.isPerInterface()) {
            return "%s has no sysctl %s: there is no such parameter, or no interface %s"
                    .formatted(label, name, name.parts().get(3));
        }
        return MODULES.entrySet().stream()
                .filter(module -> path.startsWith(module.getKey()))
                .map(module -> "%s has no sysctl %s: it comes with the kernel module %s (modprobe %s)"
                        .formatted(label, name, module.getValue(), module.getValue()))
                .findFirst()
                .orElseGet(() -> "%s has no sysctl %s: check the name; some exist in the host's namespace only"
                        .formatted(label, name));
    }

    private static String reason(IOException e) {
        String said =
                e instanceof FileSystemException file && file.getReason() != null ? file.getReason() : e.getMessage();
        return said == null ? e.getClass().getSimpleName() : said;
    }

    private static Path file(SysctlName name) {
        return ROOT.resolve(name.path());
    }
}
