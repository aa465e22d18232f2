package io.netyard.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netyard.api.NetnsRef;
import io.netyard.api.container.Containers;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.api.lab.LabTransfer.Written;
import io.netyard.bridge.NetlinkBridges;
import io.netyard.firewall.ebtables.LegacyEbtables;
import io.netyard.firewall.ebtables.NftEbtables;
import io.netyard.firewall.iptables.LegacyIptables;
import io.netyard.firewall.iptables.NftIptables;
import io.netyard.firewall.nftables.NftablesBackend;
import io.netyard.lab.NetyardTransfer;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.PolicyUse;
import io.netyard.lab.network.Settings;
import io.netyard.link.HostCards;
import io.netyard.link.LiveTapHosts;
import io.netyard.link.NetlinkLinks;
import io.netyard.netns.LinuxForeignNamespaces;
import io.netyard.netns.LinuxNamespaces;
import io.netyard.routing.NetlinkRouting;
import io.netyard.testing.Feature;
import io.netyard.testing.LiveKernel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A lab goes out as a script, the script is run, and what it has made comes in again as a file that means the same network. Two experiments
 * need nothing special of the kernel; of the others, the lab kernel, which is slow, has the one with everything in it, and with {@code
 * -Dnetyard.roundtrips=all} all of them.
 */
@LiveKernel
@Timeout(900)
class ScriptRoundTripLiveTest {

    private static final Path NAMED = Path.of("/run/netns");

    private static final Path LABS = Path.of(System.getProperty("netyard.labs"));

    @TempDir
    Path scratch;

    private final LinuxNamespaces namespaces = new LinuxNamespaces();
    private final NetlinkBridges bridges = new NetlinkBridges(namespaces);
    private final NetlinkRouting routing = new NetlinkRouting(namespaces);

    private final boolean named = Files.isDirectory(NAMED);
    private final boolean mounted = isMounted();

    /** Where Karaf keeps its data, and what there is to know of labs from before: nothing. */
    @BeforeEach
    void nameKarafsDirectory() {
        System.setProperty("karaf.data", scratch.toString());
    }

    @AfterEach
    void forgetKarafsDirectory() {
        System.clearProperty("karaf.data");
    }

    /** {@code ip netns} has its directory mounted on itself from its first name on; that is none of the scripts' business. */
    @AfterEach
    void forgetNames() throws IOException, InterruptedException {
        if (!mounted && isMounted()) {
            assertThat(run("umount", NAMED.toString())).isEqualTo("0");
        }
        if (!named) {
            Files.deleteIfExists(NAMED);
        }
    }

    private static boolean isMounted() {
        try {
            return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                    .anyMatch(line -> line.contains(" " + NAMED + " "));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> labs() {
        if (!Feature.VLAN_FILTERING.isHere()) {
            return List.of("exp01", "exp02");
        }
        return "all".equals(System.getProperty("netyard.roundtrips"))
                ? List.of("exp01", "exp02", "exp03", "exp04", "exp05", "exp06", "exp07", "exp08", "exp09", "exp10")
                : List.of("exp04");
    }

    @ParameterizedTest
    @MethodSource("labs")
    void whatAScriptBuildsIsImportedAsTheSameNetwork(String lab) throws IOException, InterruptedException {
        Path file = LABS.resolve(lab + ".yaml");
        Network network = LabFile.read(file).at(Optional.empty()).network();
        LinuxForeignNamespaces foreign = new LinuxForeignNamespaces(namespaces, noContainers());
        try {
            NetyardTransfer transfer = new NetyardTransfer(
                    namespaces,
                    foreign,
                    new NetlinkLinks(namespaces),
                    bridges,
                    routing,
                    firewall(),
                    new HostCards(namespaces),
                    new LiveTapHosts(namespaces));
            Path script = scratch.resolve(lab + ".sh");
            Files.writeString(
                    script,
                    transfer.script(file, Optional.empty(), Optional.empty()).text());
            assertThat(bash(script, "up")).isEqualTo("0");
            Written imported;
            try {
                assertThat(bash(script, "up")).as("a second time").contains("is there already");
                imported = transfer.importFrom(lab, meant(network), Optional.of(file));
            } finally {
                assertThat(bash(script, "down")).isEqualTo("0");
            }
            assertThat(imported.remarks()).as(imported.text()).isEmpty();
            Network again = LabFile.parse(imported.text(), Path.of("imported.yaml"))
                    .at(Optional.empty())
                    .network();
            assertThat(comparable(again)).as(imported.text()).isEqualTo(comparable(network));
        } finally {
            foreign.close();
        }
    }

    private static List<String> meant(Network network) {
        return network.nodes().keySet().stream()
                .map(node -> node.equals(Node.HOST) ? node : "%1$s=/run/netns/%1$s".formatted(node))
                .toList();
    }

    private static String bash(Path script, String argument) throws IOException, InterruptedException {
        return run("bash", script.toString(), argument);
    }

    /** Its exit status, after whatever it has said. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
        program.getOutputStream().close();
        String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said + program.waitFor();
    }

    /** What a file that was imported cannot say: that rules at a bridge are guards, and that a host is behind a tap. */
    private static Network comparable(Network network) {
        return network.map(node -> {
            Map<String, PolicyUse> policies = new LinkedHashMap<>();
            node.settings().policies().forEach((name, use) -> {
                Policy policy = use.policy();
                if (policy.layer() == Layer.LINK) {
                    String bridge = policy.bridge().orElseThrow().value();
                    Policy unnamed = new Policy(
                            "at-bridge",
                            policy.layer(),
                            policy.bridge(),
                            policy.taggedPorts(),
                            policy.rules(),
                            policy.otherwise());
                    policies.put("at " + bridge, new PolicyUse(unnamed, use.pin()));
                } else {
                    policies.put(name, use);
                }
            });
            Settings had = node.settings();
            return node.withSettings(new Settings(had.sysctls(), had.routes(), had.neighbours(), policies, Map.of()));
        });
    }

    private static Containers noContainers() {
        return (Containers) Proxy.newProxyInstance(
                Containers.class.getClassLoader(),
                new Class<?>[] {Containers.class},
                (proxy, method, arguments) -> method.getReturnType() == List.class ? List.of() : null);
    }

    /** The first backend that can do it, as the firewall chooses; nothing is in force by it. */
    private Firewall firewall() {
        Map<String, FirewallBackend> backends = new LinkedHashMap<>();
        backends.put("nftables", new NftablesBackend(namespaces, bridges));
        backends.put("iptables-nft", new NftIptables(namespaces));
        backends.put("iptables-legacy", new LegacyIptables(namespaces));
        backends.put("ebtables-nft", new NftEbtables(namespaces, bridges));
        backends.put("ebtables-legacy", new LegacyEbtables(namespaces, bridges));
        backends.values().removeIf(backend -> backend.unavailable().isPresent());
        assumeThat(backends).as("runs on a kernel that has a firewall").isNotEmpty();
        return (Firewall) Proxy.newProxyInstance(
                Firewall.class.getClassLoader(), new Class<?>[] {Firewall.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "choose":
                            return new Firewall.Choice(
                                    backends.entrySet().stream()
                                            .filter(each -> each.getValue()
                                                    .objection((Policy) arguments[0])
                                                    .isEmpty())
                                            .map(Map.Entry::getKey)
                                            .findFirst(),
                                    Map.of());
                        case "loading":
                            return new Firewall.Loading(
                                    backends.get((String) arguments[1]).loading((Policy) arguments[0]), Map.of());
                        case "found":
                            List<Object> found = new ArrayList<>();
                            backends.values().forEach(backend -> found.addAll(backend.loaded((NetnsRef) arguments[0])));
                            return found;
                        case "others":
                            return backends.values().stream()
                                    .flatMap(backend -> backend.others((NetnsRef) arguments[0]).stream())
                                    .distinct()
                                    .toList();
                        default:
                            return method.getReturnType() == List.class ? List.of() : null;
                    }
                });
    }
}
