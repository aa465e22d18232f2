package io.netyard.shell.lab;

import io.netyard.api.Text;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.proof.Verdict;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import io.netyard.shell.console.VlanRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A verdict in words, as a matrix, as lines, and as JSON fields. */
final class VerdictText {

    /** The TTL that Linux gives an answer (net.ipv4.ip_default_ttl): one that arrives with it was not routed. */
    private static final int UNROUTED_TTL = 64;

    private VerdictText() {}

    /**
     * Who reached whom: a row for each source, a column for each target, both in the order of their first appearance. A cell holds what was observed: {@code ok} or {@code no}, with the
     * TTL if it shows that a router was on the way; {@code !} after what was promised otherwise, {@code ?} for what could not be
     * measured, nothing for what was not asked.
     */
    static Table matrix(Verdict verdict) {
        Set<String> nodes = new LinkedHashSet<>();
        Set<String> sources = new LinkedHashSet<>();
        Set<String> targets = new HashSet<>();
        for (Verdict.Ping ping : verdict.pings()) {
            nodes.add(ping.from());
            nodes.add(ping.to());
            sources.add(ping.from());
            targets.add(ping.to());
        }
        List<String> headings = new ArrayList<>(List.of("FROM \\ TO"));
        nodes.stream().filter(targets::contains).forEach(headings::add);
        Table table = new Table(headings);
        for (String source : sources) {
            List<String> row = new ArrayList<>(Collections.nCopies(headings.size(), ""));
            row.set(0, source);
            verdict.pings().stream()
                    .filter(ping -> ping.from().equals(source))
                    .forEach(ping -> row.set(headings.indexOf(ping.to()), cell(ping)));
            table.row(row);
        }
        return table;
    }

    private static String cell(Verdict.Ping ping) {
        if (!ping.detail().isEmpty()) {
            return "?";
        }
        String observed = ping.reached() ? "ok" + routedTtl(ping, " ttl=") : "no";
        return ping.holds() ? observed : observed + "!";
    }

    private static String routedTtl(Verdict.Ping ping, String before) {
        return ping.ttl()
                .filter(ttl -> ping.reached() && ttl != UNROUTED_TTL)
                .map(ttl -> before + ttl)
                .orElse("");
    }

    /** One row for each device whose VLAN table was promised. */
    static Table vlanTables(Verdict verdict) {
        Table table = new Table("NODE", "DEVICE", "VLANS", "PROMISED");
        for (Verdict.VlanTable each : verdict.vlanTables()) {
            table.row(
                    each.node(),
                    each.device(),
                    each.observed().map(VerdictText::text).orElse("not supported by this kernel"),
                    each.holds() ? "" : "! " + text(each.expected()));
        }
        return table;
    }

    private static String text(List<VlanEntry> entries) {
        return entries.isEmpty() ? "none" : VlanRun.line(entries);
    }

    /** What broke or could not be measured, a line each. */
    static List<String> trouble(Verdict verdict) {
        List<String> lines = new ArrayList<>();
        for (Verdict.Ping ping : verdict.pings()) {
            if (!ping.holds()) {
                String what = !ping.detail().isEmpty()
                        ? "could not be measured: " + ping.detail()
                        : ping.expected() ? "no answer, promised to be reachable" : "answered, promised to be isolated";
                lines.add(Text.printable("%s -> %s: %s".formatted(ping.from(), ping.to(), what)));
            }
        }
        return lines;
    }

    static String summary(Verdict verdict) {
        int pairs = verdict.pings().size();
        long expected = verdict.pings().stream().filter(Verdict.Ping::expected).count();
        long reached = verdict.pings().stream().filter(Verdict.Ping::reached).count();
        long broken = verdict.pings().stream().filter(ping -> !ping.holds()).count()
                + verdict.vlanTables().stream().filter(table -> !table.holds()).count();
        boolean tablesSeen =
                verdict.vlanTables().stream().allMatch(table -> table.observed().isPresent());
        return Text.printable(
                "%s%s: %d pairs, expected %d ok and %d no, observed %d ok and %d no; %d VLAN tables%s; %s (%.1f s)"
                        .formatted(
                                verdict.lab(),
                                verdict.stage().map(stage -> ", stage " + stage).orElse(""),
                                pairs,
                                expected,
                                pairs - expected,
                                reached,
                                pairs - reached,
                                verdict.vlanTables().size(),
                                tablesSeen ? "" : " (this kernel has none)",
                                broken == 0
                                        ? "all as promised"
                                        : broken == 1 ? "1 promise broken" : broken + " promises broken",
                                verdict.took().toMillis() / 1000.0));
    }

    /**
     * What was observed in a form that can be compared with diff; see {@code lab:verify --help}. The VLAN tables come before the pings
     * that they decide, those without effect (no VLAN filtering) after them.
     */
    static List<String> lines(Verdict verdict) {
        List<String> lines = new ArrayList<>();
        lines.add("phase " + verdict.stage().orElse(verdict.lab()));
        lines.addAll(vlanLines(verdict, true));
        for (Verdict.Ping ping : verdict.pings()) {
            lines.add("ping %s %s %s%s"
                    .formatted(ping.from(), ping.to(), ping.reached() ? "OK" : "FAIL", routedTtl(ping, " ttl=")));
        }
        lines.addAll(vlanLines(verdict, false));
        return lines.stream().map(Text::printable).toList();
    }

    private static List<String> vlanLines(Verdict verdict, boolean inForce) {
        List<String> lines = new ArrayList<>();
        for (Verdict.VlanTable table : verdict.vlanTables()) {
            if (table.inForce() == inForce) {
                table.observed()
                        .orElse(List.of())
                        .forEach(entry -> lines.add("vlan %s %s %s %s"
                                .formatted(table.node(), table.device(), entry.vid(), entry.flags())));
            }
        }
        return lines;
    }

    /** Field names that scripts rely on. */
    static Map<String, Object> fields(Verdict verdict) {
        return Json.object(
                "lab", verdict.lab(),
                "stage", verdict.stage(),
                "holds", verdict.holds(),
                "tookMillis", verdict.took().toMillis(),
                "pings",
                        verdict.pings().stream()
                                .map(ping -> Json.object(
                                        "from", ping.from(),
                                        "to", ping.to(),
                                        "expected", ping.expected(),
                                        "reached", ping.reached(),
                                        "holds", ping.holds(),
                                        "ttl", ping.ttl(),
                                        "roundTripMicros", ping.roundTrip().map(time -> time.toNanos() / 1000),
                                        "detail", ping.detail()))
                                .toList(),
                "vlanTables",
                        verdict.vlanTables().stream()
                                .map(table -> Json.object(
                                        "node", table.node(),
                                        "device", table.device(),
                                        "expected", vlans(table.expected()),
                                        "observed", table.observed().map(VerdictText::vlans),
                                        "holds", table.holds()))
                                .toList());
    }

    static List<Map<String, Object>> vlans(List<VlanEntry> entries) {
        return entries.stream()
                .map(entry ->
                        Json.object("vid", entry.vid().value(), "pvid", entry.pvid(), "untagged", entry.untagged()))
                .toList();
    }
}
