package io.netyard.lab.script;

import io.netyard.api.NetyardException;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.lab.network.PolicyUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** In which tool's words the policies of a script are written. */
public final class Rulesets {

    /** What people call a backend. */
    private static final Map<String, String> SHORT = Map.of("nft", "nftables");

    /**
     * What puts a policy in force.
     *
     * @param backend whose words these are; empty if there is none for it
     * @param remark what is not as it was asked for; empty if all is
     */
    public record Ruleset(Optional<String> backend, Firewall.Loading loading, Optional<String> remark) {}

    private static final Firewall.Loading NOTHING = new Firewall.Loading(List.of(), Map.of());

    private final Firewall firewall;
    private final Optional<String> wanted;

    /** @param wanted {@code nft}, {@code iptables}, or a backend's name: taken where the lab pins none and it can express the policy */
    public Rulesets(Firewall firewall, Optional<String> wanted) {
        this.firewall = firewall;
        this.wanted = wanted.map(name -> SHORT.getOrDefault(name, name));
    }

    public Ruleset of(PolicyUse use) {
        Policy policy = use.policy();
        Map<String, String> objections = new LinkedHashMap<>();
        for (Optional<String> pin : pins(use)) {
            Firewall.Choice choice = firewall.choose(policy, pin);
            if (choice.backend().isPresent()) {
                return ruleset(policy, choice.backend().get(), pin, use);
            }
            choice.objections().forEach(objections::putIfAbsent);
        }
        String reasons = objections.entrySet().stream()
                .map(why -> why.getKey() + ": " + why.getValue())
                .collect(Collectors.joining("; "));
        return new Ruleset(
                Optional.empty(),
                NOTHING,
                Optional.of("policy %s cannot be written: %s"
                        .formatted(policy.name(), reasons.isEmpty() ? "no firewall backend is there" : reasons)));
    }

    /** What is tried, in order. What a lab pins is meant: nothing else takes its place. */
    private List<Optional<String>> pins(PolicyUse use) {
        if (use.pin().isPresent()) {
            return List.of(use.pin());
        }
        List<Optional<String>> pins = new ArrayList<>();
        wanted.ifPresent(name -> {
            pins.add(Optional.of(name));
            if (name.startsWith("iptables") && use.policy().layer() == Layer.LINK) {
                // The one family of tools: frames that iptables does not see are for ebtables.
                pins.add(Optional.of("ebtables" + name.substring("iptables".length())));
            }
        });
        pins.add(Optional.empty());
        return pins;
    }

    private Ruleset ruleset(Policy policy, String backend, Optional<String> pin, PolicyUse use) {
        try {
            boolean other = wanted.isPresent() && use.pin().isEmpty() && pin.isEmpty();
            return new Ruleset(
                    Optional.of(backend),
                    firewall.loading(policy, backend),
                    other
                            ? Optional.of("%s cannot express policy %s: it is written for %s"
                                    .formatted(wanted.get(), policy.name(), backend))
                            : Optional.empty());
        } catch (NetyardException e) {
            return new Ruleset(
                    Optional.empty(),
                    NOTHING,
                    Optional.of("policy %s cannot be written: %s".formatted(policy.name(), e.getMessage())));
        }
    }
}
