package io.netyard.lab.script;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.firewall.Firewall;
import io.netyard.api.firewall.FirewallBackend.ToolInput;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.PolicyUse;
import io.netyard.lab.script.Rulesets.Ruleset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts are what was read and found good; whatever a lab file says stays a word, a comment or input. */
class ScriptTest {

    private static final Path LABS = Path.of("../../etc/labs");
    private static final Path GOOD = Path.of("src/test/resources/scripts");

    /** To look at what has changed, and then into version control: {@code -Dnetyard.scripts=write}. */
    private static final boolean WRITE = "write".equals(System.getProperty("netyard.scripts"));

    private static final String HOSTILE_RULES = "table inet x {\nEND\ntouch X\n}\n$(touch X)\n`touch X`\n";

    @TempDir
    Path scratch;

    /** What a backend writes is tested with the backends. */
    private static Ruleset words(PolicyUse use) {
        String table = "table inet netyard-%s {\n}\n".formatted(use.policy().name());
        return new Ruleset(
                Optional.of("nftables"),
                new Firewall.Loading(List.of(new ToolInput(List.of("nft", "--file", "-"), table)), Map.of()),
                Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"exp01", "exp02", "exp03", "exp04", "exp05", "exp06", "exp07", "exp08", "exp09", "exp10"})
    void theScriptsOfTheShippedLabsAreGood(String name) throws IOException, InterruptedException {
        LabFile lab = LabFile.read(LABS.resolve(name + ".yaml"));
        String stage = lab.at(Optional.empty()).description().stage().orElseThrow();
        String text = Script.of(
                        "Lab %s, stage %s, from %s.yaml".formatted(name, stage, name),
                        lab.at(Optional.empty()).network(),
                        ScriptTest::words)
                .text();
        Path good = GOOD.resolve(name + ".sh");
        if (WRITE) {
            Files.writeString(good, text);
        }
        assertThat(text).isEqualTo(Files.readString(good));
        passes(text);
    }

    /** All stages of all labs, those for containers and loops too: each one is a script that a shell understands. */
    @Test
    void everyStageOfEveryShippedLabIsAScript() throws IOException, InterruptedException {
        List<Path> scripts = new ArrayList<>();
        try (Stream<Path> labs = Files.list(LABS)) {
            for (Path file : labs.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                LabFile lab = LabFile.read(file);
                for (String stage : lab.stages()) {
                    Network network = lab.at(Optional.of(stage)).network();
                    Path script = scratch.resolve(lab.name() + "-" + stage + ".sh");
                    Files.writeString(
                            script,
                            Script.of(lab.name(), network, ScriptTest::words).text());
                    scripts.add(script);
                }
            }
        }
        assertThat(scripts).hasSizeGreaterThan(50);
        for (Path script : scripts) {
            assertThat(run("bash", "-n", script.toString()))
                    .as(script.toString())
                    .isEmpty();
        }
    }

    @Test
    void whatAScriptCannotDoIsLeftOutWithAllThatNeedsItAndTold() throws IOException, InterruptedException {
        Script.Written written = Script.of(
                "Lab some",
                LabFile.parse(
                                """
                                lab: some
                                nodes:
                                  host: {}
                                  web: {attach: {container: "lxc:web1"}, interfaces: {lab0: {addresses: [10.1.0.1/24]}}}
                                  red:
                                    interfaces:
                                      card: {card: enp3s0}
                                      card.5: {parent: card, vlan: 5, addresses: [10.5.0.1/24]}
                                      mv: {macvlan: {parent: "host:enp4s0"}, addresses: [10.4.0.1/24]}
                                      t: {tap: {hosts: [10.9.0.9]}, addresses: [10.9.0.1/24]}
                                    routes: [10.6.0.0/16 via 10.5.0.9, 10.7.0.0/16 via 10.4.0.9]
                                links: {a: ["web:lab0", "red:w"], b: ["red:x", "br:y"]}
                                switches: {br: {node: host, existing: true}}
                                """,
                                Path.of("some.yaml"))
                        .at(Optional.empty())
                        .network(),
                ScriptTest::words);
        assertThat(written.remarks())
                .containsExactly(
                        "node web is a namespace of others (container lxc:web1): it and its cables are left out",
                        "interface enp4s0 of the host must be there already",
                        "red:card is the host's enp3s0, lent: a script that dies would not give it back, so it is left"
                                + " out",
                        "red:t has no carrier until a program holds it: the host 10.9.0.9 that Netyard plays there is"
                                + " left out",
                        "bridge br of the host must be there already");
        assertThat(written.text())
                .contains(
                        "namespaces=(red)\n",
                        "in_host=(y)\n",
                        "ip link add link enp4s0 name mv netns red type macvlan mode bridge\n",
                        "ip -n red tuntap add dev t mode tap\n",
                        "ip link set dev y master br\n",
                        "ip -n red route add 10.7.0.0/16 via 10.4.0.9 dev mv\n")
                .doesNotContain("card.5", "lab0", "10.6.0.0", "type bridge");
        passes(written.text());
    }

    @Test
    void nothingOfALabFileGetsOutOfItsQuotes() throws IOException, InterruptedException {
        String file =
                """
                lab: evil
                nodes:
                  a:
                    interfaces:
                      "$(id>X)": {addresses: [10.0.0.1/24]}
                      "`id>X`": {parent: "$(id>X)", vlan: 7}
                    sysctls:
                      net.ipv4.ip_forward: "1'; touch X; '"
                      net.ipv4.icmp_ratelimit: "$(touch X) `touch X` \\"; touch X #"
                      "net/ipv4/conf/$(id>X)/rp_filter": "2"
                    routes: ['10.9.0.0/16 via 10.0.0.2 dev $(id>X)']
                    neighbours: {"$(id>X)": {10.0.0.7: "02:00:00:00:00:07"}}
                    firewall:
                      - input in $(id>X) drop
                  b: {}
                links: {c: ["a:$(id>X)", "b:';touch_X;'"]}
                switches:
                  sw: {node: b, name: "--help", ports: ["';touch_X;'"]}
                """;
        Network network =
                LabFile.parse(file, Path.of("evil.yaml")).at(Optional.empty()).network();
        String text = Script.of("Lab evil, from x\nrm -rf /\u001b[31m.yaml", network, ScriptTest::hostile)
                .text();
        assertThat(text).doesNotContain("\u001b").doesNotContain("\nrm -rf /");
        passes(text);

        // Every tool does nothing but write down what it was given.
        Path tools = Files.createDirectory(scratch.resolve("tools"));
        for (String tool : List.of("ip", "bridge", "sysctl", "nft", "id", "modprobe")) {
            Path fake = tools.resolve(tool);
            Files.writeString(
                    fake,
                    """
                    #!/bin/bash
                    if [ "${0##*/}" = id ]; then echo 0; exit; fi
                    if [ "${0##*/}" = ip ] && [ "${1-}" = netns ] && [ "${2-}" = exec ]; then shift 3; exec "$@"; fi
                    for word in "${0##*/}" "$@"; do printf '<%s>' "$word"; done >> calls
                    echo >> calls
                    if [ "${0##*/}" = nft ]; then cat >> calls; fi
                    """);
            assertThat(fake.toFile().setExecutable(true)).isTrue();
        }
        Path script = scratch.resolve("evil.sh");
        Files.writeString(script, text);
        ProcessBuilder bash = new ProcessBuilder("bash", script.toString())
                .directory(scratch.toFile())
                .redirectErrorStream(true);
        bash.environment().merge("PATH", tools.toString(), (all, first) -> first + ":" + all);
        assertThat(run(bash)).isEmpty();
        assertThat(scratch.resolve("X")).doesNotExist();
        assertThat(Files.readString(scratch.resolve("calls")))
                .contains(
                        "<ip><-n><a><link><add><name><$(id>X)><type><veth><peer><name><';touch_X;'><netns><b>\n",
                        "<sysctl><-q><-w><net.ipv4.ip_forward=1'; touch X; '>\n",
                        "<ip><-n><b><link><set><dev><';touch_X;'><master><--help>\n",
                        "<ip><-n><a><route><add><10.9.0.0/16><via><10.0.0.2><dev><$(id>X)>\n",
                        "<nft><--file><->\n" + HOSTILE_RULES);
    }

    /** Rules that try to end the here-document. */
    private static Ruleset hostile(PolicyUse use) {
        return new Ruleset(
                Optional.of("nftables"),
                new Firewall.Loading(List.of(new ToolInput(List.of("nft", "--file", "-"), HOSTILE_RULES)), Map.of()),
                Optional.of("a remark\nof two lines"));
    }

    private void passes(String text) throws IOException, InterruptedException {
        Path script = scratch.resolve("script.sh");
        Files.writeString(script, text);
        assertThat(run("bash", "-n", script.toString())).isEmpty();
        if (isThere("shellcheck")) {
            assertThat(run("shellcheck", "--severity=warning", script.toString()))
                    .isEmpty();
        }
    }

    private static boolean isThere(String tool) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, tool)));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        return run(new ProcessBuilder(command).redirectErrorStream(true));
    }

    private static String run(ProcessBuilder command) throws IOException, InterruptedException {
        Process process = command.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
