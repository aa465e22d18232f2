package io.netyard.firewall.ebtables;

import io.netyard.api.InterfaceName;
import io.netyard.api.firewall.Condition;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Point;
import io.netyard.api.firewall.Policy;
import io.netyard.api.firewall.Rule;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What ebtables cannot express on any host. */
final class Objections {

    /** The tool takes a '+' at the end for a wildcard, and reads quotes and exclamation marks by rules of its own. */
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9._][A-Za-z0-9._@-]*");

    private Objections() {}

    static Optional<String> to(Policy policy) {
        if (policy.layer() != Layer.LINK) {
            return Optional.of("layer " + policy.layer() + ": ebtables sees bridged frames only");
        }
        return Stream.concat(
                        policy.rules().stream().map(rule -> to(policy, rule)).flatMap(Optional::stream),
                        policy.interfaces().stream()
                                .filter(name ->
                                        !PLAIN_NAME.matcher(name.value()).matches())
                                .map(name -> "an interface called '" + name + "'"))
                .findFirst();
    }

    private static Optional<String> to(Policy policy, Rule rule) {
        if (rule.condition(Condition.State.class).isPresent()) {
            return Optional.of("the state of connections");
        }
        if (rule.condition(Condition.NdTarget.class).isPresent()) {
            return Optional.of("the target of neighbour discovery");
        }
        if (!EbtablesDialect.looksInside(rule)) {
            return Optional.empty();
        }
        if (rule.tagged()) {
            return Optional.of("what is behind a tag ('%s')".formatted(rule));
        }
        return policy.taggedPorts().isEmpty() || untaggedOnly(policy.taggedPorts(), rule)
                ? Optional.empty()
                : Optional.of("what is behind a tag: '%s' may meet tagged frames at %s"
                        .formatted(
                                rule,
                                rule.point() == Point.INGRESS
                                        ? "the port where they come in"
                                        : "the port where they go out"));
    }

    /**
     * Whether a rule can only meet frames without a tag. In PREROUTING they are as they came in; in FORWARD already as they will leave
     * (br_handle_vlan is before NF_BR_FORWARD in br_forward.c).
     */
    private static boolean untaggedOnly(Set<InterfaceName> tagged, Rule rule) {
        if (rule.point() == Point.INGRESS) {
            return rule.condition(Condition.In.class)
                    .filter(in -> without(tagged, in.interfaces(), in.not()))
                    .isPresent();
        }
        return rule.condition(Condition.Out.class)
                .filter(out -> without(tagged, out.interfaces(), out.not()))
                .isPresent();
    }

    private static boolean without(Set<InterfaceName> tagged, Set<InterfaceName> named, boolean not) {
        return not ? named.containsAll(tagged) : named.stream().noneMatch(tagged::contains);
    }
}
