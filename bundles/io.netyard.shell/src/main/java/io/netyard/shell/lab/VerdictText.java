package io.netyard.shell.lab;

import io.netyard.api.IpPrefix;
import io.netyard.api.Text;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.lab.Sight;
import io.netyard.api.proof.Verdict;
import io.netyard.api.proof.Verdict.Finding;
import io.netyard.api.proof.Verdict.Sighting;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import io.netyard.shell.console.VlanRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        for (Verdict.Ping ping : verdict.of(Verdict.Ping.class)) {
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
            verdict.of(Verdict.Ping.class).stream()
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
        for (Verdict.VlanTable each : verdict.of(Verdict.VlanTable.class)) {
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

    /** What broke or could not be measured, a line each; VLAN tables have a table of their own. */
    static List<String> trouble(Verdict verdict) {
        return verdict.findings().stream()
                .filter(finding -> !finding.holds())
                .flatMap(VerdictText::trouble)
                .map(Text::printable)
                .toList();
    }

    private static Stream<String> trouble(Finding finding) {
        if (finding instanceof Verdict.Ping ping) {
            return Stream.of(trouble(ping));
        }
        if (finding instanceof Verdict.VlanTable) {
            return Stream.of();
        }
        if (finding instanceof Verdict.Trace trace && !trace.ping().holds()) {
            return Stream.concat(
                    Stream.of(trouble(trace.ping())),
                    trace.detail().isEmpty() ? brokenSights(request(trace), trace.sightings()) : Stream.of());
        }
        if (!finding.detail().isEmpty()) {
            return lines(finding).stream()
                    .limit(1)
                    .map(line -> what(line) + ": could not be measured: " + finding.detail());
        }
        if (finding instanceof Verdict.Arp arp) {
            return Stream.of("%s, promised %s".formatted(lines(arp).get(0), arp.expected() ? "OK" : "FAIL"));
        }
        if (finding instanceof Verdict.Broadcast broadcast) {
            return brokenSights(
                    broadcast.tags().isEmpty()
                            ? "broadcast of %s".formatted(broadcast.from())
                            : "frame of %s with tag %s".formatted(broadcast.from(), tags(broadcast.tags())),
                    broadcast.sightings());
        }
        if (finding instanceof Verdict.See see) {
            String what = " of %s -> %s".formatted(see.from(), see.to());
            return Stream.concat(
                    brokenSights("request" + what, see.requests()), brokenSights("reply" + what, see.replies()));
        }
        if (finding instanceof Verdict.Trace trace) {
            return brokenSights(request(trace), trace.sightings());
        }
        if (finding instanceof Verdict.Neighbour neighbour) {
            return Stream.of("%s, promised %s".formatted(lines(neighbour).get(0), neighbour.expected()));
        }
        Verdict.Tcp tcp = (Verdict.Tcp) finding;
        return Stream.of("%s, promised %s%s"
                .formatted(
                        lines(tcp).get(0),
                        tcp.expected(),
                        tcp.expectedPeer()
                                .map(peer -> " peer=" + IpPrefix.text(peer))
                                .orElse("")));
    }

    private static String request(Verdict.Trace trace) {
        return "request of %s -> %s".formatted(trace.ping().from(), trace.ping().to());
    }

    private static String trouble(Verdict.Ping ping) {
        String what = !ping.detail().isEmpty()
                ? "could not be measured: " + ping.detail()
                : ping.expected() ? "no answer, promised to be reachable" : "answered, promised to be isolated";
        return "%s -> %s: %s".formatted(ping.from(), ping.to(), what);
    }

    /** The first three words of a line, which name what was measured. */
    private static String what(String line) {
        String[] words = line.split(" ");
        return words.length < 3 ? line : "%s %s %s".formatted(words[0], words[1], words[2]);
    }

    private static Stream<String> brokenSights(String what, List<Sighting> sightings) {
        return sightings.stream().filter(sighting -> !sighting.holds()).map(sighting -> "%s at %s: seen %s, promised %s"
                .formatted(
                        what,
                        sighting.watch().at(),
                        sighting.observed().isEmpty()
                                ? "nothing"
                                : sighting.observed().stream()
                                        .map(VerdictText::text)
                                        .collect(Collectors.joining(" and ")),
                        sighting.watch().sight().map(VerdictText::text).orElse("nothing")));
    }

    /** As in a lab file. */
    private static String text(Sight sight) {
        return sight.source().map(source -> IpPrefix.text(source) + " ").orElse("")
                + (sight.tags().isEmpty() ? "untagged" : "tag " + sight.tagText())
                + (sight.copies() == 1 ? "" : " %d times".formatted(sight.copies()));
    }

    static String summary(Verdict verdict) {
        int pairs = verdict.of(Verdict.Ping.class).size();
        long expected = verdict.of(Verdict.Ping.class).stream()
                .filter(Verdict.Ping::expected)
                .count();
        long reached = verdict.of(Verdict.Ping.class).stream()
                .filter(Verdict.Ping::reached)
                .count();
        long broken =
                verdict.findings().stream().filter(finding -> !finding.holds()).count();
        boolean tablesSeen = verdict.of(Verdict.VlanTable.class).stream()
                .allMatch(table -> table.observed().isPresent());
        return Text.printable(
                "%s%s: %d pairs, expected %d ok and %d no, observed %d ok and %d no; %d VLAN tables%s%s; %s (%.1f s)"
                        .formatted(
                                verdict.lab(),
                                verdict.stage().map(stage -> ", stage " + stage).orElse(""),
                                pairs,
                                expected,
                                pairs - expected,
                                reached,
                                pairs - reached,
                                verdict.of(Verdict.VlanTable.class).size(),
                                tablesSeen ? "" : " (this kernel has none)",
                                others(verdict),
                                broken == 0
                                        ? "all as promised"
                                        : broken == 1 ? "1 promise broken" : broken + " promises broken",
                                verdict.took().toMillis() / 1000.0));
    }

    private static String others(Verdict verdict) {
        int arps = verdict.of(Verdict.Arp.class).size();
        int points = verdict.of(Verdict.Broadcast.class).stream()
                        .mapToInt(frame -> frame.sightings().size())
                        .sum()
                + verdict.of(Verdict.See.class).stream()
                        .mapToInt(see -> see.requests().size() + see.replies().size())
                        .sum()
                + verdict.of(Verdict.Trace.class).stream()
                        .mapToInt(trace -> trace.sightings().size())
                        .sum();
        int neighbours = verdict.of(Verdict.Neighbour.class).size();
        int connections = verdict.of(Verdict.Tcp.class).size();
        return (arps == 0 ? "" : "; %d ARP pairs".formatted(arps))
                + (points == 0 ? "" : "; frames watched at %d points".formatted(points))
                + (neighbours == 0 ? "" : "; %d neighbours".formatted(neighbours))
                + (connections == 0 ? "" : "; %d TCP connections".formatted(connections));
    }

    /** What was observed, in the order of the promises, in a form that can be compared with diff; see {@code lab:verify --help}. */
    static List<String> lines(Verdict verdict) {
        List<String> lines = new ArrayList<>();
        lines.add("phase " + verdict.stage().orElse(verdict.lab()));
        verdict.findings().forEach(finding -> lines.addAll(lines(finding)));
        return lines.stream().map(Text::printable).toList();
    }

    static List<String> lines(Finding finding) {
        if (finding instanceof Verdict.Ping ping) {
            return List.of(pingLine(ping) + routedTtl(ping, " ttl="));
        }
        if (finding instanceof Verdict.VlanTable table) {
            return table.observed().orElse(List.of()).stream()
                    .map(entry ->
                            "vlan %s %s %s %s".formatted(table.node(), table.device(), entry.vid(), entry.flags()))
                    .toList();
        }
        if (finding instanceof Verdict.Arp arp) {
            return List.of("arp %s %s %s".formatted(arp.from(), arp.to(), arp.answer()));
        }
        if (finding instanceof Verdict.Broadcast broadcast) {
            String what = (broadcast.tags().isEmpty() ? "bcast " : "tagged " + tags(broadcast.tags()) + " ")
                    + broadcast.from()
                    + " ";
            return broadcast.sightings().stream()
                    .flatMap(sighting -> sightLines(what, sighting))
                    .toList();
        }
        if (finding instanceof Verdict.See see) {
            List<String> lines = new ArrayList<>();
            String what = "see %s>%s ".formatted(see.from(), see.to());
            for (int i = 0; i < see.requests().size(); i++) {
                sightLines(what + "request ", see.requests().get(i)).forEach(lines::add);
                sightLines(what + "reply ", see.replies().get(i)).forEach(lines::add);
            }
            return lines;
        }
        if (finding instanceof Verdict.Trace trace) {
            Verdict.Ping ping = trace.ping();
            List<String> lines = new ArrayList<>();
            lines.add(pingLine(ping)
                    + ping.ttl()
                            .filter(ttl -> ping.reached())
                            .map(ttl -> " ttl=" + ttl)
                            .orElse(""));
            String what = "see %s>%s ".formatted(ping.from(), ping.to());
            trace.sightings().forEach(sighting -> traceLines(what, sighting).forEach(lines::add));
            return lines;
        }
        if (finding instanceof Verdict.Neighbour neighbour) {
            return List.of("neigh %s %s %s"
                    .formatted(neighbour.node(), IpPrefix.text(neighbour.address()), neighbour.observed()));
        }
        Verdict.Tcp tcp = (Verdict.Tcp) finding;
        return List.of("tcp %s %s %s%s"
                .formatted(
                        tcp.from(),
                        tcp.to(),
                        tcp.observed(),
                        tcp.peer().map(peer -> " peer=" + IpPrefix.text(peer)).orElse("")));
    }

    private static String pingLine(Verdict.Ping ping) {
        return "ping %s %s %s".formatted(ping.from(), ping.to(), ping.reached() ? "OK" : "FAIL");
    }

    /** One for each way in which the frame looked there. */
    private static Stream<String> sightLines(String what, Sighting sighting) {
        String where = what + sighting.watch().at();
        return sighting.observed().isEmpty()
                ? Stream.of(where + " NO")
                : sighting.observed().stream()
                        .map(sight -> "%s YES tag=%s n=%d".formatted(where, sight.tagText(), sight.copies()));
    }

    private static Stream<String> traceLines(String what, Sighting sighting) {
        String where = what + sighting.watch().at();
        return sighting.observed().isEmpty()
                ? Stream.of(where + " NO")
                : sighting.observed().stream().map(sight -> "%s src=%s YES tag=%s"
                        .formatted(where, sight.source().map(IpPrefix::text).orElse("none"), sight.tagText()));
    }

    private static String tags(List<Integer> tags) {
        return new Sight(tags, 1, Optional.empty()).tagText();
    }

    /** Field names that scripts rely on. */
    static Map<String, Object> fields(Verdict verdict) {
        return Json.object(
                "lab", verdict.lab(),
                "stage", verdict.stage(),
                "holds", verdict.holds(),
                "tookMillis", verdict.took().toMillis(),
                "pings",
                        verdict.of(Verdict.Ping.class).stream()
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
                        verdict.of(Verdict.VlanTable.class).stream()
                                .map(table -> Json.object(
                                        "node", table.node(),
                                        "device", table.device(),
                                        "expected", vlans(table.expected()),
                                        "observed", table.observed().map(VerdictText::vlans),
                                        "holds", table.holds()))
                                .toList(),
                // In the order of the promises, each with the lines that --lines prints for it.
                "findings",
                        verdict.findings().stream()
                                .map(finding -> Json.object(
                                        "kind",
                                                finding.getClass()
                                                        .getSimpleName()
                                                        .toLowerCase(Locale.ROOT),
                                        "holds", finding.holds(),
                                        "detail", finding.detail(),
                                        "lines", lines(finding)))
                                .toList());
    }

    static List<Map<String, Object>> vlans(List<VlanEntry> entries) {
        return entries.stream()
                .map(entry ->
                        Json.object("vid", entry.vid().value(), "pvid", entry.pvid(), "untagged", entry.untagged()))
                .toList();
    }
}
