package io.netyard.testing.contract;

import io.netyard.api.NetyardException;
import io.netyard.api.netns.Namespaces.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Rules of somebody else, by every tool that works here, and what these tools list afterwards. */
final class ForeignRules {

    private record Tool(String name, List<List<String>> set, List<List<String>> list, String input) {}

    private final Site site;
    private final String node;
    private final List<Tool> present = new ArrayList<>();

    /** Sets them where it can. */
    ForeignRules(Site site, String node) {
        this.site = site;
        this.node = node;
        for (Tool tool : tools()) {
            boolean works = true;
            for (List<String> command : tool.set()) {
                works = works && run(command, tool.input()).status() == 0;
            }
            if (works) {
                present.add(tool);
            }
        }
    }

    private static List<Tool> tools() {
        List<Tool> tools = new ArrayList<>();
        for (String flavour : List.of("nft", "legacy")) {
            for (String family : List.of("iptables-", "ip6tables-")) {
                String program = family + flavour;
                String address = family.startsWith("ip6") ? "fd99::/64" : "10.99.0.0/24";
                String input =
                        """
                        *filter
                        :foreign - [0:0]
                        -A INPUT -s %1$s -j DROP
                        -A FORWARD -s %1$s -m comment --comment "not netyard-x-f00" -j foreign
                        -A OUTPUT -d %1$s -j DROP
                        -A foreign -i + -j RETURN
                        COMMIT
                        *mangle
                        -A PREROUTING -s %1$s -j ACCEPT
                        -A INPUT -s %1$s -j ACCEPT
                        -A FORWARD -s %1$s -j ACCEPT
                        -A OUTPUT -s %1$s -j ACCEPT
                        -A POSTROUTING -s %1$s -j ACCEPT
                        COMMIT
                        *nat
                        -A PREROUTING -s %1$s -j ACCEPT
                        -A INPUT -s %1$s -j ACCEPT
                        -A OUTPUT -s %1$s -j ACCEPT
                        -A POSTROUTING -s %1$s -j ACCEPT
                        COMMIT
                        """
                                .formatted(address);
                tools.add(new Tool(
                        program,
                        List.of(List.of(program + "-restore", "-w", "5")),
                        List.of(List.of(program + "-save", "-c")),
                        input));
            }
            String bridged = "ebtables-" + flavour;
            List<List<String>> set = new ArrayList<>();
            List<List<String>> list = new ArrayList<>();
            Map<String, List<String>> chains = new LinkedHashMap<>();
            chains.put("filter", List.of("INPUT", "FORWARD", "OUTPUT"));
            chains.put("nat", List.of("PREROUTING", "OUTPUT", "POSTROUTING"));
            chains.forEach((table, names) -> {
                set.add(List.of(bridged, "-t", table, "-N", "foreign"));
                names.forEach(name ->
                        set.add(List.of(bridged, "-t", table, "-A", name, "-s", "2:0:0:0:99:1", "-j", "foreign")));
                list.add(List.of(bridged, "-t", table, "-L", "--Lc"));
            });
            tools.add(new Tool(bridged, set, list, ""));
        }
        for (String family : List.of("inet", "bridge")) {
            tools.add(new Tool(
                    "nft " + family,
                    List.of(List.of("nft", "-f", "-")),
                    List.of(List.of("nft", "list", "table", family, "foreign")),
                    """
                    table %s foreign {
                      chain forward {
                        type filter hook forward priority 7; policy accept;
                        ether saddr 02:00:00:00:99:01 counter drop
                      }
                    }
                    """
                            .formatted(family)));
        }
        return tools;
    }

    /** What is there now, counters included. */
    String listing() {
        StringBuilder text = new StringBuilder();
        for (Tool tool : present) {
            text.append(tool.name()).append('\n');
            for (List<String> command : tool.list()) {
                text.append(run(command, "")
                        .output()
                        .lines()
                        .filter(line -> !line.startsWith("#"))
                        .collect(Collectors.joining("\n")));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** {@link #listing} without what counts packets. */
    String rules() {
        return listing().replaceAll("\\[[0-9]+:[0-9]+\\]|pcnt = [0-9]+|bcnt = [0-9]+", "");
    }

    boolean isEmpty() {
        return present.isEmpty();
    }

    private Output run(List<String> command, String input) {
        try {
            return site.run(node, input, command.toArray(String[]::new));
        } catch (NetyardException | java.io.UncheckedIOException e) {
            return new Output(127, "", e.getMessage());
        }
    }
}
