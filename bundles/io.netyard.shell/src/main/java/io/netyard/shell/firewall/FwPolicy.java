package io.netyard.shell.firewall;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.firewall.Firewall.Choice;
import io.netyard.api.firewall.Firewall.Enforcement;
import io.netyard.api.firewall.Policy;
import io.netyard.api.netns.Netns;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.Nodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "fw",
        name = "policy",
        description = "Put a policy in force, in place of one of the same name; or take one away",
        detailedDescription = "A rule is one word, hence in quotes: POINT CONDITION... ACTION. For example\n"
                + "  fw:policy netns3 guard --layer link --bridge brx 'ingress in veth13 tagged drop'\n"
                + "  fw:policy router forward --layer network 'forward state established accept' 'otherwise forward drop'\n"
                + "Points are ingress and forward (link), input, forward and output (network), prerouting and postrouting (nat).\n"
                + "What stands behind 'otherwise POINT' becomes of packets that no rule of that point fits.")
final class FwPolicy extends ChangeCommand {

    @Argument(name = "NODE", required = true, description = "Where")
    @Completion(Nodes.class)
    String node;

    @Argument(index = 1, name = "NAME", required = true, description = "Name of the policy, at most 16 characters")
    @Completion(PolicyNames.class)
    String name;

    @Argument(index = 2, name = "RULE", multiValued = true, description = "Rules, in order")
    List<String> rules = List.of();

    @Option(name = "--layer", valueToShowInHelp = "LAYER", description = "link, network or nat")
    @Completion(
            value = LayerNames.class,
            values = {"link", "network", "nat"})
    String layer;

    @Option(name = "--bridge", valueToShowInHelp = "BRIDGE", description = "With --layer link: the bridge it is about")
    String bridge;

    @Option(
            name = "--tagged",
            valueToShowInHelp = "PORT[,PORT]",
            description = "With --layer link: ports at which frames come or go with a tag")
    String tagged;

    @Option(name = "--pin", valueToShowInHelp = "BACKEND", description = "By this backend or none")
    @Completion(BackendNames.class)
    String pin;

    @Option(name = "--delete", description = "Take it away")
    boolean delete;

    @Option(name = "--force", description = "Also if it belongs to a lab")
    boolean force;

    @Override
    protected int run() {
        Netns netns = namespaces().resolve(node);
        if (delete) {
            if (layer != null || bridge != null || tagged != null || pin != null || !rules.isEmpty()) {
                throw new IllegalArgumentException("--delete takes NODE and NAME only");
            }
            Enforcement old = SeenPolicy.find(services(), node, name).enforcement();
            owner(Optional.of(old));
            change("take policy %s of %s away".formatted(name, netns.label()), () -> firewall()
                    .remove(netns.ref(), name));
            return DONE;
        }
        if (layer == null) {
            throw new IllegalArgumentException("say --layer link, network or nat");
        }
        Policy policy = policy();
        Optional<String> by = Optional.ofNullable(pin);
        set(netns.ref(), netns.label(), policy, by);
        return DONE;
    }

    private void set(NetnsRef netns, String label, Policy policy, Optional<String> by) {
        Optional<Enforcement> old = firewall().enforcements(netns).stream()
                .filter(each -> each.policy().name().equals(policy.name()))
                .findFirst();
        String owner = owner(old);
        if (isDryRun()) {
            Choice choice = firewall().choose(policy, by);
            String backend = choice.backend()
                    .orElseThrow(() -> new RequestException(
                            "no backend here can express policy %s: %s".formatted(policy.name(), choice.objections())));
            change("put policy %s in force at %s by %s".formatted(policy.name(), label, backend), () -> {});
            return;
        }
        Enforcement enforcement = firewall().set(netns, owner, policy, by);
        print("%s: policy %s is in force by %s"
                .formatted(label, policy.name(), enforcement.backend().orElse("nobody")));
    }

    private String owner(Optional<Enforcement> old) {
        String owner = old.map(Enforcement::owner).orElse(Firewall.HAND_MADE);
        if (!owner.equals(Firewall.HAND_MADE) && !force) {
            throw new RequestException("policy %s belongs to lab %s: use --force to change it".formatted(name, owner));
        }
        return owner;
    }

    private Policy policy() {
        List<String> lines = new ArrayList<>(List.of("policy " + name, "layer " + LayerName.parse(layer)));
        if (bridge != null) {
            lines.add("bridge " + bridge);
        }
        if (tagged != null) {
            for (String port : tagged.split(",", -1)) {
                lines.add("tagged-port " + port);
            }
        }
        for (String rule : rules) {
            if (!rule.strip().contains(" ")) {
                throw new IllegalArgumentException("'%s' is no rule; put each rule in quotes".formatted(rule));
            }
            lines.add(rule.startsWith("otherwise ") ? rule : "rule " + rule);
        }
        return Policy.parse(lines);
    }
}
