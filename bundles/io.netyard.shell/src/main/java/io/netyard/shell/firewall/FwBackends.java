package io.netyard.shell.firewall;

import io.netyard.api.firewall.Firewall.Backend;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import io.netyard.shell.firewall.Abilities.Ability;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "fw",
        name = "backends",
        description = "List what can enforce policies on this host, the preferred one first, and what each can express",
        detailedDescription =
                "A policy goes to the first that can express all of it, unless a backend is pinned: see fw:use.")
final class FwBackends extends ConsoleCommand {

    @Option(name = "--short", description = "Without what each can express")
    boolean brief;

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        List<Backend> backends = firewall().backends();
        firewall().warnings().forEach(this::complain);
        if (json) {
            print(Json.text(backends.stream().map(this::object).toList()));
            return DONE;
        }
        Table table = new Table("BACKEND", "RANKING", "PINNED-FOR", "POLICIES", "WORKS");
        backends.forEach(backend -> table.row(
                backend.name(),
                backend.ranking(),
                backend.pinned().stream().map(Object::toString).collect(Collectors.joining(" ")),
                backend.policies(),
                backend.unavailable().map(why -> "no: " + why).orElse("yes")));
        table.print(console());
        if (!brief && !backends.isEmpty()) {
            printAbilities(backends);
        }
        return DONE;
    }

    private void printAbilities(List<Backend> backends) {
        List<String> headings = new ArrayList<>(List.of("LAYER", "CAN EXPRESS"));
        backends.forEach(backend -> headings.add(backend.name()));
        Table table = new Table(headings);
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        for (Ability ability : Abilities.ALL) {
            List<Object> row = new ArrayList<>(List.of(ability.policy().layer(), ability.words()));
            for (Backend backend : backends) {
                Optional<String> missing = ability.missing(firewall(), backend.name());
                row.add(missing.isEmpty() ? "yes" : "no");
                missing.ifPresent(why -> {
                    List<String> known = reasons.computeIfAbsent(backend.name(), name -> new ArrayList<>());
                    if (!known.contains(why)) {
                        known.add(why);
                    }
                });
            }
            table.row(row);
        }
        print("");
        table.print(console());
        if (!reasons.isEmpty()) {
            print("");
            Table why = new Table("BACKEND", "WHY NOT");
            reasons.forEach((backend, all) -> all.forEach(reason -> why.row(backend, reason)));
            why.print(console());
        }
    }

    private Map<String, Object> object(Backend backend) {
        Map<String, Object> object = Json.object(
                "name", backend.name(),
                "ranking", backend.ranking(),
                "pinned", backend.pinned(),
                "policies", backend.policies(),
                "unavailable", backend.unavailable());
        if (!brief) {
            object.put(
                    "abilities",
                    Abilities.ALL.stream()
                            .map(ability -> Json.object(
                                    "layer", ability.policy().layer(),
                                    "ability", ability.words(),
                                    "missing", ability.missing(firewall(), backend.name())))
                            .toList());
        }
        return object;
    }
}
