package io.netyard.routing;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.routing.SysctlName;
import io.netyard.kernel.NamespaceThread;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

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

    Optional<String> read(NetnsRef netns, SysctlName name) {
        return NamespaceThread.call(netns, () -> readHere(name));
    }

    Optional<String> readDefault(SysctlName name) {
        return NamespaceThread.callInNew("netyard-probe", () -> readHere(name.ofNewInterfaces()));
    }

    private static Optional<String> readHere(SysctlName name) {
        try {
            return Optional.of(Files.readString(file(name)).stripTrailing());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (Files.notExists(file(name)) || Files.isDirectory(file(name))) {
                return Optional.empty();
            }
            throw new RequestException("sysctl %s cannot be read: %s".formatted(name, reason(e)), e);
        }
    }

    /** @param label the namespace as the user knows it */
    void write(NetnsRef netns, SysctlName name, String value, String label) {
        if (value.isBlank() || value.chars().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
            throw new RequestException("'%s' is not a value for sysctl %s".formatted(Text.printable(value), name));
        }
        NamespaceThread.call(netns, () -> {
            writeHere(name, value, label);
            return null;
        });
    }

    private static void writeHere(SysctlName name, String value, String label) {
        Path file = file(name);
        if (!Files.isRegularFile(file)) {
            throw new RequestException(absent(name, label));
        }
        try {
            // One write(2): the kernel takes each as a value of its own.
            Files.write(file, (value + "\n").getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new RequestException(
                    "%s: the kernel does not take '%s' for sysctl %s: %s".formatted(label, value, name, reason(e)), e);
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
