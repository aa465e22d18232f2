package io.netyard.shell.lab;

import static java.util.stream.Collectors.joining;

import io.netyard.api.NetnsRef;
import io.netyard.api.Text;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.lab.Check;
import io.netyard.api.lab.RunningLab;
import io.netyard.api.lab.RunningLab.Expectations;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import io.netyard.shell.console.VlanRun;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(scope = "lab", name = "show", description = "Show a lab: nodes, switches, groups and what it promises")
final class LabShow extends ConsoleCommand {

    /** In the zone of whoever runs the appliance. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    @Argument(name = "LAB", required = true, description = "Name of a running lab")
    @Completion(RunningLabs.class)
    String lab;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        RunningLab running = labs().running(lab);
        if (json) {
            print(Json.text(fields(running)));
        } else {
            show(running);
        }
        return DONE;
    }

    private void show(RunningLab running) {
        print(Text.printable("lab %s, from %s".formatted(running.name(), running.file())));
        running.stage()
                .ifPresent(stage -> print("stage %s of %s"
                        .formatted(Text.printable(stage), Text.printable(String.join(", ", running.stages())))));
        running.standing()
                .trouble()
                .ifPresent(why -> print(Text.printable("%s: %s".formatted(LabList.state(running), why))));
        if (running.standing().autostart()) {
            print("is brought back after a restart of the machine");
        }
        Expectations promised = running.expectations();
        long pairs = promised.of(Check.Ping.class).size();
        long reachable = promised.of(Check.Ping.class).stream()
                .filter(Check.Ping::reachable)
                .count();
        print("promises %d reachable and %d isolated pairs, VLAN tables of %d switches, and %d other things"
                .formatted(
                        reachable,
                        pairs - reachable,
                        switches(promised).size(),
                        promised.checks().size()
                                - pairs
                                - promised.of(Check.VlanTable.class).size()));
        print("");
        Table nodes = new Table("NODE", "NAMESPACE", "ADDRESSES");
        for (RunningLab.Node node : running.nodes()) {
            nodes.row(
                    node.name(),
                    node.netns().map(NetnsRef::toString).orElse(node.attached().isPresent() ? "missing" : "gone"),
                    addresses(node));
        }
        nodes.print(console());
        showAttached(running);
        if (!running.groups().isEmpty()) {
            print("");
            Table groups = new Table("GROUP", "VLAN", "MEMBERS");
            running.groups()
                    .forEach(group -> groups.row(group.name(), group.vlan(), String.join(" ", group.members())));
            groups.print(console());
        }
        if (!running.switches().isEmpty()) {
            print("");
            Table switches = new Table("SWITCH", "DEVICE", "VLANS");
            for (RunningLab.Switch each : running.switches()) {
                String name = each.node() + ":" + each.bridge();
                each.ports().forEach((port, entries) -> switches.row(name, port, vlans(entries)));
                switches.row(name, each.bridge(), vlans(each.self()));
            }
            switches.print(console());
        }
    }

    private void showAttached(RunningLab running) {
        Table attached = new Table("ATTACHED", "TO", "STATE");
        for (RunningLab.Node node : running.nodes()) {
            node.attached()
                    .ifPresent(how ->
                            attached.row(node.name(), Text.printable(how.what().toString()), state(how)));
        }
        if (running.nodes().stream().anyMatch(node -> node.attached().isPresent())) {
            print("");
            attached.print(console());
        }
    }

    private static String state(RunningLab.Attached how) {
        return how.trouble()
                .map(why -> "missing: " + Text.printable(why))
                .orElseGet(() -> (how.rewired() ? "wired again" : "wired")
                        + how.since().map(time -> " " + TIME.format(time)).orElse(""));
    }

    private static String addresses(RunningLab.Node node) {
        return node.addresses().stream()
                .map(address -> address.device() + " " + address.prefix())
                .collect(joining(", "));
    }

    private static String vlans(List<VlanEntry> entries) {
        return VlanRun.line(entries);
    }

    /** Field names that scripts rely on. */
    private static Map<String, Object> fields(RunningLab lab) {
        return Json.object(
                "name", lab.name(),
                "file", lab.file(),
                "stage", lab.stage(),
                "stages", lab.stages(),
                "state", LabList.state(lab),
                "autostart", lab.standing().autostart(),
                "trouble", lab.standing().trouble(),
                "nodes",
                        lab.nodes().stream()
                                .map(node -> Json.object(
                                        "name", node.name(),
                                        "inode", node.netns().map(NetnsRef::inode),
                                        "attached", node.attached().map(LabShow::fields),
                                        "addresses",
                                                node.addresses().stream()
                                                        .map(address -> Json.object(
                                                                "device", address.device(), "prefix", address.prefix()))
                                                        .toList()))
                                .toList(),
                "switches",
                        lab.switches().stream()
                                .map(each -> Json.object(
                                        "node", each.node(),
                                        "bridge", each.bridge(),
                                        "self", VerdictText.vlans(each.self()),
                                        "ports",
                                                each.ports().entrySet().stream()
                                                        .map(port -> Json.object(
                                                                "name",
                                                                port.getKey(),
                                                                "vlans",
                                                                VerdictText.vlans(port.getValue())))
                                                        .toList()))
                                .toList(),
                "groups",
                        lab.groups().stream()
                                .map(group -> Json.object(
                                        "name", group.name(),
                                        "vlan", group.vlan().map(vlan -> vlan.value()),
                                        "members", group.members()))
                                .toList(),
                "expectations",
                        Json.object(
                                "pairs",
                                        lab.expectations().of(Check.Ping.class).stream()
                                                .map(pair -> Json.object(
                                                        "from",
                                                        pair.from(),
                                                        "to",
                                                        pair.to().name(),
                                                        "reachable",
                                                        pair.reachable()))
                                                .toList(),
                                "vlanTables", switches(lab.expectations()),
                                "checks", lab.expectations().checks().size()));
    }

    private static Map<String, Object> fields(RunningLab.Attached how) {
        return Json.object(
                "what", how.what(),
                "since", how.since(),
                "rewired", how.rewired(),
                "trouble", how.trouble());
    }

    private static List<String> switches(Expectations promised) {
        return promised.of(Check.VlanTable.class).stream()
                .map(Check.VlanTable::switchName)
                .distinct()
                .toList();
    }
}
