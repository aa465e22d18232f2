package io.netyard.api.firewall;

import io.netyard.api.InterfaceName;
import io.netyard.api.firewall.Action.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a namespace is to let through, drop or rewrite: intent, to be enforced by whichever {@link FirewallBackend} can express all
 * of it. It has a name within its namespace. Several policies of a namespace stand side by side: a packet must be let through by all.
 *
 * @param name 1 to 16 of lower-case letters, digits and hyphens, starting with a letter or digit: kernel objects are called {@code netyard-NAME}
 * @param bridge at layer link: the bridge it is about; its rules hold for frames between that bridge's ports only
 * @param taggedPorts at layer link: those ports of the bridge at which frames come or go with an 802.1Q tag. Some tools do not see into these.
 * @param rules in order; a point's first rule that fits decides
 * @param otherwise what becomes of packets that no rule of the point fits: {@link Action#ACCEPT} or {@link Action#DROP}; accept where absent
 */
public record Policy(
        String name,
        Layer layer,
        Optional<InterfaceName> bridge,
        Set<InterfaceName> taggedPorts,
        List<Rule> rules,
        Map<Point, Action> otherwise) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,15}");

    public Policy {
        requireName(name);
        if (bridge.isPresent() != (layer == Layer.LINK)) {
            throw new IllegalArgumentException(
                    "policy %s: a bridge is needed at layer link, and only there".formatted(name));
        }
        taggedPorts = Collections.unmodifiableSet(new LinkedHashSet<>(taggedPorts));
        rules = List.copyOf(rules);
        otherwise = Collections.unmodifiableMap(new TreeMap<>(otherwise));
        rules.forEach(rule -> require(layer, rule));
        otherwise.forEach((point, action) -> {
            if (!layer.points().contains(point)
                    || layer == Layer.NAT
                    || action.kind() != Kind.ACCEPT && action.kind() != Kind.DROP) {
                throw new IllegalArgumentException("policy %s: '%s' cannot stand for the rest at %s in layer %s"
                        .formatted(name, action, point, layer));
            }
        });
    }

    /** The rule for names of policies. */
    public static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'%s' cannot be a policy's name: use 1 to 16 lower-case letters, digits and '-', starting with a letter or digit"
                            .formatted(io.netyard.api.Text.printable(name)));
        }
    }

    private static void require(Layer layer, Rule rule) {
        if (!layer.points().contains(rule.point())) {
            throw new IllegalArgumentException(
                    "'%s': layer %s has the points %s, not %s".formatted(rule, layer, layer.points(), rule.point()));
        }
        Kind kind = rule.action().kind();
        boolean fits =
                switch (kind) {
                    case ACCEPT, DROP -> layer != Layer.NAT || kind == Kind.ACCEPT;
                    case REJECT -> layer == Layer.NETWORK;
                    case MASQUERADE, SNAT -> rule.point() == Point.POSTROUTING;
                    case DNAT -> rule.point() == Point.PREROUTING;
                };
        if (!fits) {
            throw new IllegalArgumentException(
                    "'%s': there is no %s at %s in layer %s".formatted(rule, rule.action(), rule.point(), layer));
        }
        if (rule.action().kind() == Kind.DNAT
                && rule.action().port().isPresent()
                && !rule.condition(Condition.Transport.class)
                        .map(Condition.Transport::hasPorts)
                        .orElse(false)) {
            throw new IllegalArgumentException("'%s': a port can be given with tcp or udp only".formatted(rule));
        }
        if (rule.condition(Condition.Out.class).isPresent() && !hasOut(rule.point())) {
            throw new IllegalArgumentException(
                    "'%s': at %s it is not known yet where a packet will leave".formatted(rule, rule.point()));
        }
        if (rule.condition(Condition.In.class).isPresent()
                && (rule.point() == Point.OUTPUT || rule.point() == Point.POSTROUTING)) {
            throw new IllegalArgumentException(
                    "'%s': at %s it is not known any more where a packet came in".formatted(rule, rule.point()));
        }
        if (layer != Layer.LINK) {
            for (Condition condition : rule.conditions()) {
                if (condition instanceof Condition.SourceMac
                        || condition == Condition.Frames.TAGGED
                        || condition.implied().equals(Optional.of(Condition.Frames.ARP))) {
                    throw new IllegalArgumentException(
                            "'%s': '%s' is for frames on a bridge, layer link".formatted(rule, condition));
                }
            }
        }
    }

    private static boolean hasOut(Point point) {
        return point == Point.FORWARD || point == Point.OUTPUT || point == Point.POSTROUTING;
    }

    /** The rules of one point, in order. */
    public List<Rule> rules(Point point) {
        return rules.stream().filter(rule -> rule.point() == point).toList();
    }

    /** What becomes of the rest at one point. */
    public Action otherwise(Point point) {
        return otherwise.getOrDefault(point, Action.ACCEPT);
    }

    /** The bridge, if there is one, and the interfaces that the rules name. */
    public Set<InterfaceName> interfaces() {
        Set<InterfaceName> names = new LinkedHashSet<>();
        bridge.ifPresent(names::add);
        rules.forEach(rule -> names.addAll(rule.interfaces()));
        return names;
    }

    /** Whether all of it is about given interfaces, so that at layer link it need not be said which bridge is meant. */
    public boolean isForGivenInterfaces() {
        return points().stream().allMatch(point -> otherwise(point).equals(Action.ACCEPT))
                && rules.stream().allMatch(Rule::isForGivenInterfaces);
    }

    /** The points that have a rule or drop the rest, in the order of {@link Point}. */
    public Set<Point> points() {
        Set<Point> points = new LinkedHashSet<>();
        for (Point point : layer.points()) {
            if (!rules(point).isEmpty() || otherwise(point).equals(Action.DROP)) {
                points.add(point);
            }
        }
        return points;
    }

    /** All of it, one thing a line; equal policies, and only they, have equal lines. {@link #parse} reads it. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("policy " + name);
        lines.add("layer " + layer);
        bridge.ifPresent(at -> lines.add("bridge " + at));
        taggedPorts.stream().sorted().forEach(port -> lines.add("tagged-port " + port));
        rules.forEach(rule -> lines.add("rule " + rule));
        otherwise.forEach((point, action) -> lines.add("otherwise %s %s".formatted(point, action)));
        return lines;
    }

    /**
     * Reads what {@link #lines} gave.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Policy parse(List<String> lines) {
        String name = "";
        Layer layer = Layer.NETWORK;
        Optional<InterfaceName> bridge = Optional.empty();
        Set<InterfaceName> taggedPorts = new LinkedHashSet<>();
        List<Rule> rules = new ArrayList<>();
        Map<Point, Action> otherwise = new TreeMap<>();
        for (String line : lines) {
            int space = line.indexOf(' ');
            String word = space < 0 ? line : line.substring(0, space);
            String rest = line.substring(space + 1);
            switch (word) {
                case "policy" -> name = rest;
                case "layer" -> layer = Layer.valueOf(rest.toUpperCase(java.util.Locale.ROOT));
                case "bridge" -> bridge = Optional.of(new InterfaceName(rest));
                case "tagged-port" -> taggedPorts.add(new InterfaceName(rest));
                case "rule" -> rules.add(Rule.parse(rest));
                case "otherwise" -> {
                    Rule rule = Rule.parse(rest);
                    otherwise.put(rule.point(), rule.action());
                }
                default ->
                    throw new IllegalArgumentException(
                            "'%s' belongs to no policy".formatted(io.netyard.api.Text.printable(line)));
            }
        }
        return new Policy(name, layer, bridge, taggedPorts, rules, otherwise);
    }

    /** 12 hexadecimal digits that differ where policies differ: for backends to mark what they have loaded. */
    public String fingerprint() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(String.join("\n", lines()).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
