package io.netyard.lab;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.lab.LabTransfer;
import io.netyard.api.link.Cards;
import io.netyard.api.link.Links;
import io.netyard.api.link.TapHosts;
import io.netyard.api.netns.ForeignNamespaces;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.api.routing.Routing;
import io.netyard.lab.LabStore.Entry;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.file.Meaning;
import io.netyard.lab.importing.Chosen;
import io.netyard.lab.importing.Imported;
import io.netyard.lab.importing.Importer;
import io.netyard.lab.plan.Services;
import io.netyard.lab.script.Rulesets;
import io.netyard.lab.script.Script;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Reads what labs are from the store, and what namespaces hold from the kernel; holds nothing. */
@Component(service = LabTransfer.class)
public final class NetyardTransfer implements LabTransfer {

    private final Services services;
    private final LabStore store;

    @Activate
    public NetyardTransfer(
            @Reference Namespaces namespaces,
            @Reference ForeignNamespaces foreign,
            @Reference Links links,
            @Reference Bridges bridges,
            @Reference Routing routing,
            @Reference Firewall firewall,
            @Reference Cards cards,
            @Reference TapHosts tapHosts) {
        this(
                new Services(namespaces, foreign, links, bridges, routing, firewall, cards, tapHosts),
                LabStore.of(namespaces));
    }

    NetyardTransfer(Services services, Path stateDirectory) {
        this(services, LabStore.in(stateDirectory, services.namespaces()));
    }

    private NetyardTransfer(Services services, LabStore store) {
        this.services = services;
        this.store = store;
    }

    @Override
    public Written file(String lab) {
        Entry entry = entry(lab);
        String stage = entry.stage()
                .map(name -> ": 'lab:apply FILE --stage %s' makes it so".formatted(name))
                .orElse("");
        String comment = "# Lab %s as it was applied from %s%s\n"
                .formatted(lab, Text.printable(entry.file().file().toString()), stage);
        String text = entry.file().text();
        String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return new Written(comment + plain + (plain.endsWith("\n") ? "" : "\n"), List.of());
    }

    @Override
    public Written script(String lab, Optional<String> stage, Optional<String> firewall) {
        Entry entry = entry(lab);
        return script(entry.file(), stage.or(entry::stage), firewall);
    }

    @Override
    public Written script(Path file, Optional<String> stage, Optional<String> firewall) {
        return script(LabFile.read(file), stage, firewall);
    }

    private Written script(LabFile file, Optional<String> stage, Optional<String> firewall) {
        Meaning meaning = file.at(stage);
        String at = meaning.description().stage().map(name -> ", stage " + name).orElse("");
        Path source = file.file().getFileName();
        Rulesets rulesets = new Rulesets(services.firewall(), firewall);
        Script.Written written =
                Script.of("Lab %s%s, from %s".formatted(file.name(), at, source), meaning.network(), rulesets::of);
        return new Written(written.text(), written.remarks());
    }

    private Entry entry(String lab) {
        return store.settled(lab)
                .orElseThrow(() -> new RequestException("no lab '%s' is up of which a file is known; there %s"
                        .formatted(
                                Text.printable(lab),
                                store.names().isEmpty() ? "is none" : "are: " + String.join(", ", store.names()))));
    }

    @Override
    public Written importFrom(String lab, List<String> namespaces, Optional<Path> like) {
        try {
            NetnsSpec.requireName("lab", lab);
        } catch (IllegalArgumentException e) {
            throw new RequestException(e.getMessage(), e);
        }
        Optional<LabFile> known = like.map(LabFile::read);
        Map<String, NetnsRef> nodes = Chosen.of(services.namespaces(), namespaces);
        Imported imported = new Importer(services).read(lab, nodes, known);
        return new Written(imported.text(), imported.remarks());
    }
}
