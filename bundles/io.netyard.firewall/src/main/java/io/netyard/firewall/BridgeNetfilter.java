package io.netyard.firewall;

import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Namespaces.Output;
import io.netyard.api.netns.Netns;
import io.netyard.kernel.NamespaceThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether bridged IP packets are handed to the IP hooks: the sysctls net.bridge.bridge-nf-* of the kernel module br_netfilter, which are per
 * namespace (since Linux 5.3) and are 1 in every namespace from the moment that the module is there.
 */
final class BridgeNetfilter {

    static final String CALL_IPTABLES = "bridge-nf-call-iptables";
    static final String CALL_IP6TABLES = "bridge-nf-call-ip6tables";
    static final String FILTER_VLAN_TAGGED = "bridge-nf-filter-vlan-tagged";

    private static final List<String> NAMES = List.of(CALL_IPTABLES, CALL_IP6TABLES, FILTER_VLAN_TAGGED);

    /** What /proc/sys/net shows depends on who looks: it is the namespace of the thread. */
    private static final Path DIRECTORY = Path.of("/proc/sys/net/bridge");

    private static final Duration MODPROBE_LIMIT = Duration.ofSeconds(10);

    private final Namespaces namespaces;

    BridgeNetfilter(Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    /** The values of a namespace; empty if the kernel has no br_netfilter now. */
    Map<String, String> read(NetnsRef netns) {
        return NamespaceThread.call(netns, () -> {
            Map<String, String> values = new TreeMap<>();
            for (String name : NAMES) {
                try {
                    values.put(name, Files.readString(DIRECTORY.resolve(name)).strip());
                } catch (NoSuchFileException e) {
                    // Not loaded, or a kernel without IPv6.
                    continue;
                }
            }
            return values;
        });
    }

    /** Writes those that differ. */
    void write(NetnsRef netns, Map<String, String> values) {
        Map<String, String> now = read(netns);
        Map<String, String> changed = new TreeMap<>(values);
        changed.entrySet().removeIf(wanted -> wanted.getValue().equals(now.get(wanted.getKey())));
        if (changed.isEmpty()) {
            return;
        }
        NamespaceThread.call(netns, () -> {
            for (Map.Entry<String, String> value : changed.entrySet()) {
                Path file = DIRECTORY.resolve(value.getKey());
                try {
                    Files.writeString(file, value.getValue() + "\n");
                } catch (NoSuchFileException e) {
                    // Without br_netfilter no bridged frame is handed to anybody, which is what 0 asks for.
                    if (!value.getValue().equals("0")) {
                        throw new RequestException("%s: this kernel has no %s".formatted(netns, file), e);
                    }
                } catch (IOException e) {
                    throw new RequestException("%s: %s cannot be written (%s)".formatted(netns, file, e), e);
                }
            }
            return null;
        });
    }

    /** The values that hand frames over. */
    static Map<String, String> on(boolean tagged) {
        return Map.of(CALL_IPTABLES, "1", CALL_IP6TABLES, "1", FILTER_VLAN_TAGGED, tagged ? "1" : "0");
    }

    /** The values that do not. */
    static Map<String, String> off() {
        return Map.of(CALL_IPTABLES, "0", CALL_IP6TABLES, "0");
    }

    /**
     * Makes sure that the kernel has br_netfilter. If it has to be loaded for that, bridged frames are kept from the IP hooks everywhere else, as
     * they were before.
     *
     * @throws RequestException if it cannot be had
     */
    void require() {
        NetnsRef host = namespaces.host();
        if (!read(host).isEmpty()) {
            return;
        }
        Output output = namespaces.run(host, List.of("modprobe", "br_netfilter"), "", MODPROBE_LIMIT);
        if (read(host).isEmpty()) {
            throw new RequestException("the kernel module br_netfilter cannot be loaded: "
                    + output.error().lines().findFirst().orElse("modprobe says nothing"));
        }
        for (Netns netns : namespaces.list()) {
            try {
                write(netns.ref(), off());
            } catch (NetyardException e) {
                // It has gone.
                continue;
            }
        }
    }
}
