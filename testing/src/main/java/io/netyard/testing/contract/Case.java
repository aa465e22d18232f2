package io.netyard.testing.contract;

import io.netyard.api.InterfaceName;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * A policy and what it must do.
 *
 * @param name says what is special about it
 * @param prepare what is to be set up before, beyond a {@link Site}
 * @param flows in this order
 * @param unhit indexes of rules that none of the flows meets
 */
record Case(String name, Policy policy, Consumer<Site> prepare, List<Flow> flows, List<Integer> unhit) {

    static Case link(String name, List<String> lines, Flow... flows) {
        return of(name, Layer.LINK, lines, flows);
    }

    /** Nothing is to be set up. */
    static final Consumer<Site> AS_IT_IS = site -> {};

    static Case of(String name, Layer layer, List<String> lines, Flow... flows) {
        return new Case(name, policy("case", layer, lines), AS_IT_IS, Arrays.asList(flows), List.of());
    }

    boolean isPrepared() {
        return prepare != AS_IT_IS;
    }

    Case prepared(Consumer<Site> how) {
        return new Case(name, policy, how, flows, unhit);
    }

    Case unhit(Integer... rules) {
        return new Case(name, policy, prepare, flows, Arrays.asList(rules));
    }

    Case taggedPorts(String... ports) {
        Policy tagged = new Policy(
                policy.name(),
                policy.layer(),
                policy.bridge(),
                java.util.Set.copyOf(
                        Arrays.stream(ports).map(InterfaceName::new).toList()),
                policy.rules(),
                policy.otherwise());
        return new Case(name, tagged, prepare, flows, unhit);
    }

    /** @param lines rules, or {@code otherwise POINT ACTION} */
    static Policy policy(String name, Layer layer, List<String> lines) {
        List<String> all = new ArrayList<>(List.of("policy " + name, "layer " + layer));
        if (layer == Layer.LINK) {
            all.add("bridge brx");
        }
        lines.forEach(line -> all.add(line.startsWith("otherwise") ? line : "rule " + line));
        return Policy.parse(all);
    }

    @Override
    public String toString() {
        return policy.layer() + ": " + name;
    }
}
