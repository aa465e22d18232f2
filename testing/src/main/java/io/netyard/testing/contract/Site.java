package io.netyard.testing.contract;

import io.netyard.api.NetnsRef;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Namespaces.Output;
import io.netyard.kernel.IcmpSocket;
import io.netyard.kernel.NamespaceThread;
import io.netyard.testing.LiveNamespace;
import io.netyard.testing.contract.Flow.Fate;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few namespaces that are wired up, with addresses, and what is needed to send something between them. Nodes know each other's hardware
 * addresses, so IP packets need no ARP and no neighbour discovery.
 */
final class Site implements AutoCloseable {

    /** For programs that do one small thing. */
    private static final Duration PROGRAM = Duration.ofSeconds(30);

    /** What passes arrives at once; this is for slow kernels. In milliseconds. */
    private static final int PATIENCE = 8_000;

    /** How long nothing must come before nothing is said to come. In milliseconds. */
    private static final int QUIET = 150;

    private static final int RESEND = 50;
    private static final int ECHO_REQUEST = 8;
    private static final int ECHO_REQUEST_V6 = 128;

    private static final AtomicInteger SERIAL = new AtomicInteger();

    private final Namespaces namespaces;
    private final Map<String, LiveNamespace> nodes = new LinkedHashMap<>();
    private final Map<String, List<String>> addresses = new LinkedHashMap<>();

    private Site(Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    /** {@code h1}, {@code h2}, {@code h3} at ports {@code p1}, {@code p2}, {@code p3} of a bridge {@code brx} in {@code sw}: 10.0.0.n, fd00::n. */
    static Site bridged(Namespaces namespaces) {
        Site site = new Site(namespaces);
        try {
            site.node("sw");
            site.ip("sw", "link set lo up", "link add brx type bridge mcast_snooping 0", "link set brx up");
            site.members("brx", "p", "h", 1, 3, "10.0.0.", "fd00::");
            return site;
        } catch (RuntimeException e) {
            site.close();
            throw e;
        }
    }

    /** A further bridge in {@code sw}: {@code bry} with {@code q4}, {@code q5} and {@code h4}, {@code h5}. */
    Site secondBridge() {
        ip("sw", "link add bry type bridge mcast_snooping 0", "link set bry up");
        members("bry", "q", "h", 4, 5, "10.0.0.", "fd00::");
        return this;
    }

    private void members(String bridge, String port, String host, int first, int last, String ipv4, String ipv6) {
        for (int i = first; i <= last; i++) {
            NetnsRef member = node(host + i);
            addresses.put(host + i, List.of(ipv4 + i, ipv6 + i));
            ip(
                    "sw",
                    "link add %s%d type veth peer name eth0 address %s netns %s"
                            .formatted(port, i, mac(i), member.net()),
                    "link set %s%d master %s up".formatted(port, i, bridge));
            List<String> lines = new ArrayList<>(List.of(
                    "link set lo up",
                    "link set eth0 up",
                    "addr add %s%d/24 dev eth0".formatted(ipv4, i),
                    "addr add %s%d/64 dev eth0 nodad".formatted(ipv6, i)));
            for (int other = first; other <= last; other++) {
                if (other != i) {
                    lines.add("neigh add %s%d lladdr %s dev eth0 nud permanent".formatted(ipv4, other, mac(other)));
                    lines.add("neigh add %s%d lladdr %s dev eth0 nud permanent".formatted(ipv6, other, mac(other)));
                }
            }
            ip(host + i, lines.toArray(String[]::new));
        }
    }

    /** {@code c} (10.1.0.1, fd01::1) and {@code s} (10.2.0.1, fd02::1) with a router {@code r} between them: {@code rc} (.254, ::fe), {@code rs}. */
    static Site routed(Namespaces namespaces) {
        Site site = new Site(namespaces);
        try {
            site.node("r");
            site.addresses.put("r", List.of("10.1.0.254", "fd01::fe"));
            site.ip("r", "link set lo up");
            int net = 1;
            for (String name : List.of("c", "s")) {
                NetnsRef end = site.node(name);
                String ipv4 = "10." + net + ".0.";
                String ipv6 = "fd0" + net + "::";
                site.addresses.put(name, List.of(ipv4 + 1, ipv6 + 1));
                site.ip(
                        "r",
                        "link add r%s address %s type veth peer name eth0 address %s netns %s"
                                .formatted(name, mac(100 + net), mac(net), end.net()),
                        "link set r%s up".formatted(name),
                        "addr add %s254/24 dev r%s".formatted(ipv4, name),
                        "addr add %sfe/64 dev r%s nodad".formatted(ipv6, name),
                        "neigh add %s1 lladdr %s dev r%s nud permanent".formatted(ipv4, mac(net), name),
                        "neigh add %s1 lladdr %s dev r%s nud permanent".formatted(ipv6, mac(net), name));
                site.ip(
                        name,
                        "link set lo up",
                        "link set eth0 up",
                        "addr add %s1/24 dev eth0".formatted(ipv4),
                        "addr add %s1/64 dev eth0 nodad".formatted(ipv6),
                        "neigh add %s254 lladdr %s dev eth0 nud permanent".formatted(ipv4, mac(100 + net)),
                        "neigh add %sfe lladdr %s dev eth0 nud permanent".formatted(ipv6, mac(100 + net)),
                        "route add default via %s254".formatted(ipv4),
                        "route add default via %sfe".formatted(ipv6));
                net++;
            }
            site.write("r", "/proc/sys/net/ipv4/ip_forward", "1");
            site.write("r", "/proc/sys/net/ipv6/conf/all/forwarding", "1");
            return site;
        } catch (RuntimeException e) {
            site.close();
            throw e;
        }
    }

    private static String mac(int number) {
        return "02:00:00:00:00:%02x".formatted(number);
    }

    private NetnsRef node(String name) {
        LiveNamespace node = new LiveNamespace(name);
        nodes.put(name, node);
        return node.ref();
    }

    NetnsRef ref(String node) {
        return nodes.get(node).ref();
    }

    /** Runs ip(8) once for all lines. */
    void ip(String node, String... lines) {
        Output output =
                namespaces.run(ref(node), List.of("ip", "-batch", "-"), String.join("\n", lines) + "\n", PROGRAM);
        if (output.status() != 0) {
            throw new IllegalStateException("ip in %s: %s".formatted(node, output.error()));
        }
    }

    Output run(String node, String input, String... command) {
        return namespaces.run(ref(node), List.of(command), input, PROGRAM);
    }

    /** Writes a file as that node's namespace has it; what is not there is left out. */
    void write(String node, String file, String value) {
        NamespaceThread.call(ref(node), () -> {
            if (Files.exists(Path.of(file))) {
                Files.writeString(Path.of(file), value + "\n");
            }
            return null;
        });
    }

    /** Sends it and looks. @throws AssertionError if something else becomes of it than should */
    void check(Flow flow, String when) {
        Fate fate;
        try {
            fate = switch (flow.kind()) {
                case UDP -> udp(flow);
                case TCP -> tcp(flow);
                case PING -> ping(flow);
                case RESOLVE -> resolve(flow);
            };
        } catch (IOException e) {
            throw new AssertionError("%s: %s: %s".formatted(when, flow, e), e);
        }
        if (fate != flow.fate()) {
            throw new AssertionError("%s: %s: is %s, must be %s".formatted(when, flow, fate, flow.fate()));
        }
    }

    InetAddress source(Flow flow) throws IOException {
        return InetAddress.getByName(flow.source().orElseGet(() -> address(flow.from(), flow.ipv6())));
    }

    private InetAddress destination(Flow flow) throws IOException {
        return InetAddress.getByName(flow.to().orElseGet(() -> address(flow.target(), flow.ipv6())));
    }

    private String address(String node, boolean ipv6) {
        return addresses.get(node).get(ipv6 ? 1 : 0);
    }

    private NetnsRef arrival(Flow flow) {
        return ref(flow.at().map(at -> at.substring(0, at.indexOf(':'))).orElse(flow.target()));
    }

    private static int arrivalPort(Flow flow) {
        return flow.at()
                .map(at -> Integer.parseInt(at.substring(at.indexOf(':') + 1)))
                .orElse(flow.port());
    }

    /** A socket that hears what comes to a port of a node. */
    DatagramSocket listen(NetnsRef where, int port) {
        return NamespaceThread.call(where, () -> new DatagramSocket(port));
    }

    /** A socket that sends from a node's address, a port of its own or a given one. */
    DatagramSocket sender(NetnsRef where, InetAddress source, int port) {
        return NamespaceThread.call(where, () -> new DatagramSocket(port, source));
    }

    private Fate udp(Flow flow) throws IOException {
        byte[] token = ("token " + SERIAL.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
        try (DatagramSocket ear = listen(arrival(flow), arrivalPort(flow));
                DatagramSocket mouth =
                        sender(ref(flow.from()), source(flow), flow.sourcePort().orElse(0))) {
            mouth.connect(destination(flow), flow.port());
            long deadline = System.nanoTime()
                    + Duration.ofMillis(flow.fate() == Fate.SILENT ? QUIET : PATIENCE)
                            .toNanos();
            do {
                try {
                    mouth.send(new DatagramPacket(token, token.length));
                    mouth.setSoTimeout(1);
                    mouth.receive(new DatagramPacket(new byte[64], 64));
                } catch (PortUnreachableException e) {
                    return Fate.REFUSED;
                } catch (SocketTimeoutException e) {
                    // Nobody answers.
                } catch (IOException e) {
                    if (e.getMessage() == null || !e.getMessage().contains("not permitted")) {
                        throw e;
                    }
                    // What a rule drops on its way out: EPERM.
                }
                if (hears(ear, token, flow)) {
                    return Fate.PASSES;
                }
            } while (System.nanoTime() < deadline);
            return Fate.SILENT;
        }
    }

    private static boolean hears(DatagramSocket ear, byte[] token, Flow flow) throws IOException {
        ear.setSoTimeout(RESEND);
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[64], 64);
                ear.receive(packet);
                String heard = new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
                if (heard.equals(new String(token, StandardCharsets.UTF_8))) {
                    requirePeer(flow, packet.getAddress());
                    return true;
                }
            }
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static void requirePeer(Flow flow, InetAddress seen) throws IOException {
        if (flow.peer().isPresent() && !InetAddress.getByName(flow.peer().get()).equals(seen)) {
            throw new AssertionError("%s: seen as %s".formatted(flow, seen.getHostAddress()));
        }
    }

    private Fate tcp(Flow flow) throws IOException {
        try (ServerSocket server = NamespaceThread.call(arrival(flow), () -> new ServerSocket(arrivalPort(flow)));
                Socket client = NamespaceThread.call(ref(flow.from()), () -> {
                    Socket socket = new Socket();
                    socket.bind(new InetSocketAddress(source(flow), 0));
                    return socket;
                })) {
            try {
                client.connect(
                        new InetSocketAddress(destination(flow), flow.port()),
                        flow.fate() == Fate.SILENT ? 2 * QUIET : PATIENCE);
            } catch (SocketTimeoutException e) {
                return Fate.SILENT;
            } catch (ConnectException e) {
                return Fate.REFUSED;
            }
            server.setSoTimeout(PATIENCE);
            try (Socket accepted = server.accept()) {
                requirePeer(flow, accepted.getInetAddress());
            }
            return Fate.PASSES;
        }
    }

    private Fate ping(Flow flow) throws IOException {
        byte[] request = new byte[8];
        request[0] = (byte) (flow.ipv6() ? ECHO_REQUEST_V6 : ECHO_REQUEST);
        request[4] = 0x4e;
        request[6] = (byte) SERIAL.incrementAndGet();
        if (!flow.ipv6()) {
            int sum = (request[0] & 0xff) << 8;
            sum += 0x4e00 + ((request[6] & 0xff) << 8);
            sum = ~((sum & 0xffff) + (sum >> 16));
            request[2] = (byte) (sum >> 8);
            request[3] = (byte) sum;
        }
        try (IcmpSocket socket = IcmpSocket.open(ref(flow.from()), flow.ipv6())) {
            long deadline = System.nanoTime()
                    + Duration.ofMillis(flow.fate() == Fate.SILENT ? QUIET : PATIENCE)
                            .toNanos();
            do {
                socket.send(request, destination(flow), 0);
                if (!IcmpSocket.poll(List.of(socket), Duration.ofMillis(RESEND)).isEmpty()) {
                    return Fate.PASSES;
                }
            } while (System.nanoTime() < deadline);
            return Fate.SILENT;
        }
    }

    /** Forgets what it knew, asks, and remembers it again for those who come after. */
    private Fate resolve(Flow flow) throws IOException {
        String address = destination(flow).getHostAddress();
        boolean named = flow.to().isEmpty();
        if (named) {
            ip(flow.from(), "neigh del %s dev eth0".formatted(address));
        }
        try (DatagramSocket mouth = sender(ref(flow.from()), source(flow), 0)) {
            long deadline = System.nanoTime()
                    + Duration.ofMillis(flow.fate() == Fate.SILENT ? 2 * QUIET : PATIENCE)
                            .toNanos();
            do {
                try {
                    mouth.send(new DatagramPacket(new byte[1], 1, destination(flow), 9));
                } catch (IOException e) {
                    // EHOSTUNREACH: so it is not resolved.
                    continue;
                }
                if (run(flow.from(), "", "ip", "neigh", "show", "to", address)
                        .output()
                        .contains("lladdr")) {
                    return Fate.PASSES;
                }
            } while (System.nanoTime() < deadline);
            return Fate.SILENT;
        } finally {
            int number = Integer.parseInt(flow.target().substring(1));
            ip(
                    flow.from(),
                    named
                            ? "neigh replace %s lladdr %s dev eth0 nud permanent".formatted(address, mac(number))
                            : "neigh flush to %s dev eth0".formatted(address));
        }
    }

    @Override
    public void close() {
        for (LiveNamespace node : nodes.values()) {
            try {
                node.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
