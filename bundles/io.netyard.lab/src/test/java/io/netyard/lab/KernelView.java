package io.netyard.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.testing.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the kernel says of networks, by the common tools, for comparison: every namespace with its interfaces, addresses, routes, neighbours,
 * VLAN tables, rules and parameters, what holds it, what is mounted and what lies in {@code /run/netyard}. What differs between two labs that
 * are alike (numbers, MAC addresses, timers, counters) is left out, and so is whatever came by traffic alone.
 */
final class KernelView {

    /** Which namespaces: by what {@link #namespaces} calls them. */
    private static final String HOST = "host";

    /** Run inside each namespace. One process for what one process can tell: in the lab kernel each costs a tenth of a second. */
    private static final String LOOK =
            """
            printf 'link show\\naddress show\\nroute show table all\\nneighbour show nud permanent\\nrule show\\n' | ip -d -o -batch - 2>&1
            ip -6 -o rule show
            if ls -d /sys/class/net/*/bridge >/dev/null 2>&1 || ip -o link show type bridge | grep -q .; then
                bridge -d vlan show 2>&1 | awk '/^[^ \\t]/ {port = $1} {print "vlan", port, $0}'
                bridge -d -o link show | sed 's/@[^:]*:/@peer:/'
                bridge fdb show | grep -w -e permanent -e static
            fi
            nft list ruleset 2>&1
            iptables-legacy-save
            ip6tables-legacy-save
            cd /proc/sys/net && grep -s . ipv4/ip_forward ipv4/conf/*/forwarding ipv4/conf/*/rp_filter ipv4/conf/*/arp_* ipv4/conf/*/proxy_arp \\
                ipv6/conf/*/forwarding ipv6/conf/*/disable_ipv6 ipv6/conf/*/accept_ra ipv6/conf/*/addr_gen_mode bridge/*
            true
            """;

    /** What two labs that are alike may differ in, each with what stands for it; in this order. */
    private static final List<String[]> ACCIDENTAL = List.of(
            new String[] {"^\\d+: ", ""},
            new String[] {"@if\\d+", "@peer"},
            new String[] {"link-netnsid \\d+ ?", ""},
            new String[] {"\\b[0-9a-f]{4}\\.([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}", "BRIDGE"},
            new String[] {"\\b([0-9a-f]{2}:){5}[0-9a-f]{2}\\b", "MAC"},
            // A bridge has the lowest MAC address of its ports; whose that is after one has left and come back, only
            // history tells
            // (fdb_delete_local in net/bridge/br_fdb.c).
            new String[] {"MAC dev \\S+ (.*master \\S+ permanent)", "MAC dev OWNER $1"},
            new String[] {"fe80::[0-9a-f:]{4,}", "fe80::LINK-LOCAL"},
            new String[] {"\\w+_timer +\\S+", "TIMER"},
            new String[] {"(port_id|port_no|designated_\\w+|root_port|root_path_cost|topology_change\\w*) +\\S+", "TREE"
            },
            // The kernel tells of a carrier up to a second late (linkwatch_schedule_work in net/core/link_watch.c).
            new String[] {
                "NO-CARRIER,|,LOWER_UP|,M-DOWN| state ([A-Z]+|disabled|listening|learning|forwarding)| linkdown", ""
            },
            new String[] {"counter packets \\d+ bytes \\d+", "counter"},
            new String[] {"\\[\\d+:\\d+\\]", "[COUNTERS]"},
            new String[] {" +", " "});

    private KernelView() {}

    /**
     * Of this machine's namespaces those that count: all of them in the lab kernel, which is nobody else's, and elsewhere those that bear one of
     * the names.
     *
     * @param foreign namespaces that others have made, by the name to give them
     * @param labs names of labs
     */
    static List<String> of(Map<String, Path> foreign, String... labs) throws Exception {
        Map<String, Path> all = namespaces(foreign);
        List<String> view = new ArrayList<>();
        StringBuilder script = new StringBuilder();
        for (Map.Entry<String, Path> namespace : all.entrySet()) {
            String name = namespace.getKey();
            boolean counts = name.equals(HOST) || foreign.containsKey(name) || isOf(name, labs) || isLabKernel();
            if (counts) {
                view.add("namespace " + name);
                script.append(
                        "nsenter --net=%s sh -c \"$look\" | sed 's|^|%s: |'\n".formatted(namespace.getValue(), name));
            }
        }
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", script.toString()).redirectErrorStream(true);
        shell.environment().put("look", LOOK);
        Process process = shell.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        output.lines()
                .filter(line -> !line.matches("\\S+: (#.*|COMMIT)?"))
                .map(KernelView::normalised)
                .sorted()
                .forEach(view::add);
        Files.readString(Path.of("/proc/self/mountinfo"))
                .lines()
                .map(line -> line.split(" ")[4])
                .filter(point -> point.startsWith("/run/netyard") || point.startsWith("/run/netns"))
                .sorted()
                .forEach(point -> view.add("mount " + point));
        files(Path.of("/run/netyard"), labs).forEach(file -> view.add("file " + file));
        return view;
    }

    /** Waits until it looks as expected: the kernel removes and decides some things in its own time. */
    static void awaitEqual(String what, List<String> expected, Map<String, Path> foreign, String... labs)
            throws Exception {
        try {
            Eventually.holds(what, () -> of(foreign, labs).equals(expected));
        } catch (AssertionError e) {
            List<String> now = of(foreign, labs);
            assertThat(now).as("%s: too much or too little", what).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    /** As {@link #of}, when the kernel is done with what it does by itself once an interface is up (RFC 4862, section 5.4). */
    static List<String> settled(Map<String, Path> foreign, String... labs) throws Exception {
        List<List<String>> views = new ArrayList<>();
        Eventually.holds("a view that lasts", () -> {
            views.add(of(foreign, labs));
            int last = views.size() - 1;
            return last > 0
                    && views.get(last).equals(views.get(last - 1))
                    && views.get(last).stream().noneMatch(line -> line.contains(" tentative "));
        });
        return views.get(views.size() - 1);
    }

    private static boolean isOf(String namespace, String... labs) {
        return Stream.of(labs).anyMatch(lab -> namespace.startsWith(lab + "/"));
    }

    static boolean isLabKernel() {
        try {
            return Files.readString(Path.of("/proc/cpuinfo")).contains("User Mode Linux");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The namespace files of all processes and mounts, one for each namespace, by what its holder or first process is called. */
    static Map<String, Path> namespaces(Map<String, Path> foreign) throws IOException {
        Map<String, String> names = new TreeMap<>();
        Map<String, Path> files = new TreeMap<>();
        for (Map.Entry<String, Path> known : foreign.entrySet()) {
            String id = id(known.getValue());
            names.put(id, known.getKey());
            files.put(id, known.getValue());
        }
        names.put(id(Path.of("/proc/self/ns/net")), HOST);
        files.put(id(Path.of("/proc/self/ns/net")), Path.of("/proc/self/ns/net"));
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            String[] fields = line.split(" ");
            if (fields[3].startsWith("net:")) {
                names.putIfAbsent(fields[3], fields[4].replaceAll("^/run/netyard/ns/(.*)/net$", "$1"));
                files.putIfAbsent(fields[3], Path.of(fields[4]));
            }
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                try {
                    Path net = process.resolve("ns/net");
                    String id = id(net);
                    String command = Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                    String marker = "netyard:";
                    String name = command.startsWith(marker)
                            ? command.substring(marker.length(), command.indexOf('\0'))
                            : command.replace('\0', '_').replaceAll("[^\\w./-]", "_");
                    if (command.startsWith(marker)) {
                        names.put(id, name);
                        files.put(id, net);
                    } else {
                        names.putIfAbsent(id, name);
                        files.putIfAbsent(id, net);
                    }
                } catch (IOException e) {
                    // It has ended.
                }
            }
        }
        Map<String, Path> named = new TreeMap<>();
        names.forEach((id, name) -> {
            // Two of one name are one too many, and must not hide behind each other.
            String unique = named.containsKey(name) ? name + "-again" : name;
            named.put(unique, files.get(id));
        });
        return named;
    }

    private static String id(Path namespace) throws IOException {
        return Files.isSymbolicLink(namespace)
                ? Files.readSymbolicLink(namespace).toString()
                : "net:[%s]".formatted(Files.getAttribute(namespace, "unix:ino"));
    }

    private static String normalised(String line) {
        int content = line.indexOf(": ") + 2;
        String rest = line.substring(content).strip();
        for (String[] accidental : ACCIDENTAL) {
            rest = rest.replaceAll(accidental[0], accidental[1]);
        }
        return line.substring(0, content) + rest.strip();
    }

    /** What Netyard keeps: by path, where an inode's number stands for a namespace's. */
    private static List<String> files(Path root, String... labs) throws IOException {
        if (!Files.exists(root)) {
            return List.of();
        }
        TreeSet<String> found = new TreeSet<>();
        try (Stream<Path> all = Files.walk(root)) {
            all.map(Path::toString)
                    .filter(path -> Stream.of(labs).anyMatch(path::contains) || path.contains("/firewall/"))
                    .forEach(path -> found.add(path.replaceAll("/firewall/\\d+", "/firewall/INODE")));
        } catch (UncheckedIOException e) {
            // Somebody else's is going away this moment: the next look tells.
            return files(root, labs);
        }
        return List.copyOf(found);
    }
}
