package io.netyard.firewall;

import io.netyard.api.NetnsRef;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Who is to enforce the policies of one namespace. Each gets the best backend that can express it and that its pin allows. If one for
 * bridged frames then needs them handed to the IP hooks, where rules of another would meet them too, the best combination is taken in
 * which that does not happen.
 *
 * @param backends by policy; none if there is no such backend
 * @param bridgeNetfilter whether bridged frames are handed to the IP hooks
 * @param objections why backends were not taken, by policy and name, in order of preference
 */
record Assignment(
        Map<String, KnownBackend> backends, boolean bridgeNetfilter, Map<String, Map<String, String>> objections) {

    private static final String MEETS_BRIDGED =
            "its rules would meet bridged frames too, which a policy of layer link hands to the IP hooks";
    private static final String HANDS_OVER =
            "hands bridged frames to the IP hooks, where rules of another policy would meet them too";

    /** @param candidates best first */
    static Assignment of(NetnsRef netns, List<Wanted> policies, Pins pins, List<KnownBackend> candidates) {
        Map<String, List<KnownBackend>> able = new LinkedHashMap<>();
        Map<String, Map<String, String>> objections = new LinkedHashMap<>();
        for (Wanted wanted : policies) {
            Map<String, String> against = new LinkedHashMap<>();
            able.put(
                    wanted.name(),
                    able(
                            wanted.policy(),
                            wanted.pin().or(() -> pins.of(wanted.policy().layer())),
                            candidates,
                            backend -> backend.objection(netns, wanted.policy()),
                            against));
            objections.put(wanted.name(), against);
        }
        Map<String, KnownBackend> best = pick(policies, able, (policy, backend) -> true);
        boolean handsOver = policies.stream().map(Wanted::policy).anyMatch(policy -> Optional.ofNullable(
                        best.get(policy.name()))
                .filter(backend -> backend.needsBridgeNetfilter(policy))
                .isPresent());
        if (!handsOver) {
            return new Assignment(best, false, objections);
        }
        Map<String, KnownBackend> together = pick(
                policies,
                able,
                (policy, backend) -> policy.layer() == Layer.LINK || backend.ignoresBridgedFrames(policy));
        if (together.size() >= best.size()) {
            return new Assignment(together, true, objections);
        }
        Map<String, KnownBackend> apart =
                pick(policies, able, (policy, backend) -> !backend.needsBridgeNetfilter(policy));
        if (apart.size() >= best.size()) {
            return new Assignment(apart, false, objections);
        }
        // Not all of them can be enforced together. Say so for those that lose.
        boolean on = together.size() >= apart.size();
        Map<String, KnownBackend> picked = on ? together : apart;
        for (Wanted wanted : policies) {
            String name = wanted.name();
            if (!picked.containsKey(name)) {
                able.get(name)
                        .forEach(backend ->
                                objections.get(name).putIfAbsent(backend.name(), on ? MEETS_BRIDGED : HANDS_OVER));
            }
        }
        return new Assignment(picked, on, objections);
    }

    private interface Fits {
        boolean test(Policy policy, KnownBackend backend);
    }

    private static Map<String, KnownBackend> pick(
            List<Wanted> policies, Map<String, List<KnownBackend>> able, Fits fits) {
        Map<String, KnownBackend> picked = new LinkedHashMap<>();
        for (Wanted wanted : policies) {
            Policy policy = wanted.policy();
            Predicate<KnownBackend> allowed = backend -> fits.test(policy, backend);
            able.get(policy.name()).stream()
                    .filter(allowed)
                    .findFirst()
                    .ifPresent(backend -> picked.put(policy.name(), backend));
        }
        return picked;
    }

    interface Objector {
        Optional<String> objection(KnownBackend backend);
    }

    /**
     * The backends that can express a policy and that a pin allows, best first.
     *
     * @param against is told why the others were not taken
     */
    static List<KnownBackend> able(
            Policy policy,
            Optional<String> pin,
            List<KnownBackend> candidates,
            Objector objector,
            Map<String, String> against) {
        List<KnownBackend> able = new ArrayList<>();
        for (KnownBackend backend : candidates) {
            if (pin.isPresent() && !Pins.means(pin.get(), backend.name())) {
                against.putIfAbsent(backend.name(), "%s is pinned".formatted(pin.get()));
                continue;
            }
            Optional<String> objection = objector.objection(backend);
            if (objection.isEmpty()) {
                able.add(backend);
            } else {
                against.putIfAbsent(backend.name(), objection.get());
            }
        }
        if (pin.isPresent() && candidates.stream().noneMatch(backend -> Pins.means(pin.get(), backend.name()))) {
            against.clear();
            against.put(pin.get(), "is pinned, and is not there (there %s)".formatted(there(candidates)));
        }
        return able;
    }

    static String there(List<KnownBackend> backends) {
        return backends.isEmpty()
                ? "is no backend at all"
                : "is " + backends.stream().map(KnownBackend::name).collect(Collectors.joining(", "));
    }

    /** {@code nftables cannot express reject; ebtables …}. */
    static String text(Map<String, String> objections) {
        return objections.isEmpty()
                ? "there is no backend"
                : objections.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining("; "));
    }
}
