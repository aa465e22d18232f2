package io.netyard.lab.script;

import static io.netyard.api.Text.printable;
import static io.netyard.api.Text.shellWord;
import static java.util.stream.Collectors.joining;

import io.netyard.api.InterfaceName;
import io.netyard.api.firewall.Action;
import io.netyard.api.firewall.FirewallBackend.ToolInput;
import io.netyard.api.firewall.Policy;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import io.netyard.lab.network.PolicyUse;
import io.netyard.lab.plan.Construction;
import io.netyard.lab.plan.Construction.Phase;
import io.netyard.lab.plan.Construction.Step;
import io.netyard.lab.script.Rulesets.Ruleset;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A network as a bash script with {@code ip}, {@code bridge} and the firewall's tools: the lines of {@code lab:plan --commands}, section by
 * section, with what a person needs around them. A pure function.
 *
 * <p>Nodes are namespaces with the names that {@code ip netns} gives, since that is what every line then can be read by, and what can be
 * entered and deleted afterwards without a pid. Whatever comes from a lab file is quoted by {@link io.netyard.api.Text#shellWord}, or in a comment
 * of one line, or in a here-document whose end is none of its lines.
 */
public final class Script {

    /**
     * @param text of the script
     * @param remarks what is left out of it, and what must be there beforehand; a sentence each; they are in the script too
     */
    public record Written(String text, List<String> remarks) {}

    private static final Map<Phase, String> TITLES = Map.ofEntries(
            Map.entry(
                    Phase.NAMESPACES, "Namespaces. Each is born with nothing but a loopback interface, which is down."),
            Map.entry(Phase.CABLES, "Cables: pairs of virtual interfaces, each end born in its own namespace."),
            Map.entry(Phase.TAPS, "Taps: interfaces whose other end a program holds."),
            Map.entry(Phase.BRIDGES, "Bridges. Nothing is a port yet, and all is down."),
            Map.entry(Phase.SUBINTERFACES, "Interfaces on interfaces: 802.1Q subinterfaces, macvlans."),
            Map.entry(Phase.PARAMETERS, "Kernel parameters."),
            Map.entry(Phase.POLICIES, "Firewall and address translation, in force before anything is up."),
            Map.entry(Phase.PROPERTIES, "MAC addresses and MTUs that are not left to the kernel."),
            Map.entry(Phase.SPANNING_TREE, "Spanning tree: on before a loop is closed."),
            Map.entry(Phase.PORTS, "Ports of the bridges."),
            Map.entry(
                    Phase.VLANS,
                    "VLANs, port by port. What the kernel gives to a new port, VLAN 1 untagged, goes where it is not"
                            + " wanted."),
            Map.entry(Phase.ADDRESSES, "Addresses."),
            Map.entry(Phase.UP, "Bring it up."),
            Map.entry(Phase.NEIGHBOURS, "Neighbours that need not be asked."),
            Map.entry(Phase.ROUTES, "Routes. They need interfaces that are up."),
            Map.entry(Phase.TREE_WAIT, "Wait until the spanning tree has decided which ports forward."));

    private final StringBuilder text = new StringBuilder();
    private final Network network;
    private final List<String> remarks;
    private final List<Step> steps;
    private final Map<Step, Ruleset> rulesets = new IdentityHashMap<>();

    private Script(Portable portable, Function<PolicyUse, Ruleset> words) {
        this.network = portable.network();
        this.remarks = new ArrayList<>(portable.remarks());
        this.steps = Construction.of(network);
        for (Step step : steps) {
            step.policy().ifPresent(use -> {
                Ruleset ruleset = words.apply(use);
                rulesets.put(step, ruleset);
                ruleset.remark().ifPresent(remark -> remarks.add("node %s: %s".formatted(step.node(), remark)));
            });
        }
    }

    /**
     * @param title the lab, its stage and where it is from, in a few words
     * @param words what a policy is in the words of a tool
     */
    public static Written of(String title, Network network, Function<PolicyUse, Ruleset> words) {
        Script script = new Script(Portable.of(network), words);
        script.head(title);
        script.down();
        script.checks();
        script.sections();
        return new Written(script.text.toString(), List.copyOf(script.remarks));
    }

    private List<String> namespaces() {
        return network.nodes().keySet().stream()
                .filter(name -> !name.equals(Node.HOST))
                .toList();
    }

    private List<InterfaceName> inHost() {
        return Construction.inHost(network);
    }

    private void head(String title) {
        line("#!/usr/bin/env bash");
        line("#");
        line("# " + printable(title) + ".");
        line("# Written by Netyard; needs iproute2 and bash, nothing of Netyard.");
        line("#");
        line("#     bash FILE         builds it on this machine, as root");
        line("#     bash FILE down    takes it away again");
        line("#");
        line("# Nodes are namespaces that 'ip netns' knows by name: 'ip netns exec NODE bash' leads into one.");
        if (!remarks.isEmpty()) {
            line("#");
            line("# Not in here, or to be there beforehand:");
            remarks.forEach(remark -> line("# - " + printable(remark)));
        }
        line("");
        line("set -euo pipefail");
        line("");
        line("namespaces=(%s)"
                .formatted(namespaces().stream().map(name -> shellWord(name)).collect(joining(" "))));
        line("tools=(%s)"
                .formatted(tools().stream().map(tool -> shellWord(tool)).collect(joining(" "))));
        if (!inHost().isEmpty()) {
            line("in_host=(%s)"
                    .formatted(inHost().stream()
                            .map(name -> shellWord(name.value()))
                            .collect(joining(" "))));
        }
        line("");
        line("fail() {");
        line("    echo \"$0: $*\" >&2");
        line("    exit 1");
        line("}");
    }

    private void down() {
        line("");
        line("# With a namespace go its interfaces, and the other ends of their cables.");
        line("down() {");
        line("    local netns");
        if (!inHost().isEmpty()) {
            line("    local interface any=");
            line("    for netns in \"${namespaces[@]}\"; do");
            line("        if [ -e \"/run/netns/$netns\" ]; then any=yes; fi");
            line("    done");
            line("    # Where none of the namespaces is, interfaces of these names are somebody else's.");
            line("    for interface in ${any:+\"${in_host[@]}\"}; do");
            line("        if ip link show dev \"$interface\" >/dev/null 2>&1; then ip link delete dev"
                    + " \"$interface\"; fi");
            line("    done");
        }
        line("    for netns in \"${namespaces[@]}\"; do");
        line("        if [ -e \"/run/netns/$netns\" ]; then ip netns delete \"$netns\"; fi");
        line("    done");
        line("}");
    }

    private void checks() {
        line("");
        line("[ \"$(id -u)\" -eq 0 ] || fail \"must be run as root\"");
        line("for tool in \"${tools[@]}\"; do");
        line("    command -v \"$tool\" >/dev/null || fail \"$tool is missing\"");
        line("done");
        line("");
        line("case \"${1-up}\" in");
        line("    up) ;;");
        line("    down) down; exit ;;");
        line("    *) fail \"give no argument to build it, 'down' to take it away\" ;;");
        line("esac");
        line("");
        line("for netns in \"${namespaces[@]}\"; do");
        line("    [ ! -e \"/run/netns/$netns\" ] || fail \"namespace $netns is there already\"");
        line("done");
        if (!inHost().isEmpty()) {
            line("for interface in \"${in_host[@]}\"; do");
            line("    ! ip link show dev \"$interface\" >/dev/null 2>&1 || fail \"interface $interface is there"
                    + " already\"");
            line("done");
        }
        line("trap 'echo \"$0: line $LINENO failed; what was built is taken away\" >&2; down' ERR");
    }

    private Set<String> tools() {
        Set<String> tools = new LinkedHashSet<>(List.of("ip"));
        if (isQuiet()) {
            tools.add("sysctl");
        }
        for (Step step : steps) {
            switch (step.phase()) {
                case VLANS, TREE_WAIT -> tools.add("bridge");
                case PARAMETERS -> tools.add("sysctl");
                case POLICIES ->
                    rulesets.get(step)
                            .loading()
                            .inputs()
                            .forEach(input -> tools.add(input.command().get(0)));
                default -> {}
            }
        }
        if (rulesets.values().stream()
                .anyMatch(ruleset -> !ruleset.loading().sysctls().isEmpty())) {
            tools.addAll(List.of("sysctl", "modprobe"));
        }
        return tools;
    }

    /** Of the nodes that a lab makes all speak IPv6 or none does. */
    private boolean isQuiet() {
        return network.nodes().values().stream()
                .anyMatch(node -> "1".equals(node.settings().sysctls().get(Node.NO_IPV6)));
    }

    private void sections() {
        Phase before = null;
        for (Step step : steps) {
            if (step.phase() != before) {
                line("");
                line("# " + TITLES.get(step.phase()));
                if (step.phase() == Phase.NAMESPACES) {
                    line("for netns in \"${namespaces[@]}\"; do");
                    line("    ip netns add \"$netns\"");
                    if (isQuiet()) {
                        line("    ip netns exec \"$netns\" sysctl -qw %s=1  # no IPv6".formatted(Node.NO_IPV6));
                    }
                    line("    ip -n \"$netns\" link set dev lo up");
                    line("done");
                }
                before = step.phase();
            }
            switch (step.phase()) {
                case NAMESPACES -> {}
                case POLICIES -> policy(step);
                default -> line(step.command());
            }
        }
    }

    private void policy(Step step) {
        Policy policy = step.policy().orElseThrow().policy();
        Ruleset ruleset = rulesets.get(step);
        line("#");
        line("# Policy %s of %s (layer %s%s)%s:"
                .formatted(
                        policy.name(),
                        step.node(),
                        policy.layer(),
                        printable(policy.bridge()
                                .map(bridge -> " of bridge " + bridge)
                                .orElse("")),
                        ruleset.backend().map(name -> ", by " + name).orElse(", not loaded")));
        policy.rules().forEach(rule -> line("#   " + printable(rule.toString())));
        policy.otherwise().forEach((point, action) -> line("#   %s otherwise %s".formatted(point, action)));
        if (policy.rules().isEmpty() && policy.otherwise().values().stream().allMatch(Action.ACCEPT::equals)) {
            line("#   (everything is let through)");
        }
        String inside = step.node().equals(Node.HOST) ? "" : "ip netns exec " + shellWord(step.node()) + " ";
        if (!ruleset.loading().sysctls().isEmpty()) {
            line("modprobe br_netfilter");
        }
        ruleset.loading()
                .sysctls()
                .forEach((name, value) ->
                        line(inside + "sysctl -q -w " + shellWord("net.bridge.%s=%s".formatted(name, value))));
        for (ToolInput input : ruleset.loading().inputs()) {
            String end = end(input.input());
            line("%s%s <<'%s'"
                    .formatted(
                            inside,
                            input.command().stream()
                                    .map(word -> shellWord(word))
                                    .collect(joining(" ")),
                            end));
            input.input().lines().forEach(this::line);
            line(end);
        }
    }

    /** A line that is none of the input's. */
    private static String end(String input) {
        Set<String> lines = Set.copyOf(input.lines().distinct().toList());
        String end = "END";
        while (lines.contains(end)) {
            end += "_";
        }
        return end;
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
