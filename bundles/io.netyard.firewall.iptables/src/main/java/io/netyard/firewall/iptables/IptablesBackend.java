package io.netyard.firewall.iptables;

import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Point;
import io.netyard.api.firewall.Policy;
import io.netyard.firewall.chains.ChainProgram.TooLargeException;
import io.netyard.firewall.chains.Saved;
import io.netyard.firewall.chains.Saved.Jump;
import io.netyard.firewall.chains.Saved.Own;
import io.netyard.firewall.chains.Saved.SavedRule;
import io.netyard.firewall.chains.Seal;
import io.netyard.firewall.chains.Tools;
import io.netyard.kernel.NamespaceThread;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One flavour of iptables. A policy has chains of its own, {@code netyard-NAME-…}, and one jump to them from each built-in chain that it needs,
 * on top. Accepting is leaving these chains, so several policies, and whatever else is there, all have their say. Built-in chains' own policies
 * are left alone.
 */
abstract class IptablesBackend implements FirewallBackend {

    /** In seconds, for the lock that all users of the legacy tools share; the nft ones need none. */
    private static final String LOCK_WAIT = "5";

    /** There as soon as the kernel has br_netfilter, whatever is in it. */
    private static final Path BRIDGE_NETFILTER = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");

    private static final int MOST_SEALS = 256;

    private static final String TAMPERED = "not as it was loaded";

    private final Tools tools;
    private final String flavour;

    /** How policies look on this host when they are in the kernel, by fingerprint: worked out once, and always the same. */
    private final Map<String, Map<IpFamily, String>> seals = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<IpFamily, String>> eldest) {
            return size() > MOST_SEALS;
        }
    });

    /** @param flavour {@code nft} or {@code legacy}, as in the programs' names */
    IptablesBackend(Tools tools, String flavour) {
        this.tools = tools;
        this.flavour = flavour;
    }

    @Override
    public Optional<String> unavailable() {
        String trial =
                """
                *filter
                :netyard-trial - [0:0]
                -A netyard-trial -m comment --comment netyard -j DROP
                -I FORWARD 1 -j netyard-trial
                COMMIT
                """;
        try {
            Tools.inThrowAway(netns -> restore(netns, IpFamily.IPV4, trial));
            return Optional.empty();
        } catch (NetyardException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public Optional<String> objection(Policy policy) {
        Optional<String> never = Objections.to(policy);
        if (never.isPresent()) {
            return never;
        }
        try {
            IptablesProgram program = new IptablesProgram(policy);
            if (!needsBridgeNetfilter(policy) || Files.exists(BRIDGE_NETFILTER)) {
                // Otherwise a trial would load it, and change what the bridges of all namespaces do.
                seals(policy, program);
            }
            return Optional.empty();
        } catch (TooLargeException e) {
            return Optional.of("more than " + e.getMessage());
        } catch (NetyardException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public boolean needsBridgeNetfilter(Policy policy) {
        return policy.layer() == Layer.LINK;
    }

    /** Where a packet's way is not chosen yet, nobody knows whether it will be bridged. */
    @Override
    public boolean ignoresBridgedFrames(Policy policy) {
        return policy.layer() == Layer.NETWORK || policy.rules(Point.PREROUTING).isEmpty();
    }

    @Override
    public List<String> render(Policy policy) {
        IptablesProgram program = new IptablesProgram(policy);
        List<String> lines = new ArrayList<>();
        for (IpFamily family : program.families()) {
            lines.add("# " + program(family, ""));
            lines.add("*" + Hook.table(policy.layer()));
            Own own = program.own(family, Mark.UNSEALED, false);
            own.chains().keySet().forEach(chain -> lines.add(":" + chain + " - [0:0]"));
            lines.addAll(Restore.rules(own));
        }
        return lines;
    }

    @Override
    public List<ToolInput> loading(Policy policy) {
        IptablesProgram program = new IptablesProgram(policy);
        Map<IpFamily, String> seal = seals(policy, program);
        return program.families().stream()
                .map(family -> new ToolInput(
                        restoring(family),
                        Restore.replacement(
                                Hook.table(policy.layer()), Own.NONE, program.own(family, seal.get(family), false))))
                .toList();
    }

    @Override
    public void load(NetnsRef netns, Policy policy) {
        IptablesProgram program = new IptablesProgram(policy);
        Map<IpFamily, String> seal = seals(policy, program);
        boolean bridgeNetfilter = seesBridgedFrames(netns);
        Map<IpFamily, Own> wanted = new EnumMap<>(IpFamily.class);
        program.families()
                .forEach(family -> wanted.put(family, program.own(family, seal.get(family), bridgeNetfilter)));
        if (policy.layer() == Layer.LINK) {
            // Now bridged frames come by; what was loaded before that was expected has to let them be.
            keepOffBridgedFrames(netns);
        }
        replace(netns, policy.layer(), policy.name(), wanted);
    }

    private void keepOffBridgedFrames(NetnsRef netns) {
        for (IpFamily family : IpFamily.values()) {
            Map<String, Saved> tables = save(netns, family);
            for (Layer layer : List.of(Layer.NETWORK, Layer.NAT)) {
                Saved table = tables.getOrDefault(Hook.table(layer), Saved.EMPTY);
                List<Jump> open = table.policies().stream()
                        .flatMap(policy -> table.own(policy).jumps().stream())
                        .filter(jump -> Hook.BOTH_KINDS.contains(jump.chain()))
                        .filter(jump -> !jump.text().contains(Hook.NOT_BRIDGED))
                        .toList();
                if (!open.isEmpty()) {
                    restore(netns, family, Restore.narrowed(Hook.table(layer), open, Hook.NOT_BRIDGED));
                }
            }
        }
    }

    @Override
    public void unload(NetnsRef netns, Layer layer, String policy) {
        replace(netns, layer, policy, Map.of());
    }

    @Override
    public List<Loaded> loaded(NetnsRef netns) {
        Map<IpFamily, Map<String, Saved>> saved = new EnumMap<>(IpFamily.class);
        for (IpFamily family : IpFamily.values()) {
            saved.put(family, save(netns, family));
        }
        List<Loaded> found = new ArrayList<>();
        for (Layer layer : Layer.values()) {
            Map<String, Map<IpFamily, Own>> policies = new TreeMap<>();
            saved.forEach((family, tables) -> {
                Saved table = tables.getOrDefault(Hook.table(layer), Saved.EMPTY);
                table.policies()
                        .forEach(policy -> policies.computeIfAbsent(policy, name -> new EnumMap<>(IpFamily.class))
                                .put(family, table.own(policy)));
            });
            policies.forEach((policy, own) -> found.add(read(policy, layer, own)));
        }
        return found;
    }

    /** In the words of nft, which shows the same rules where the flavour is nft. */
    @Override
    public List<String> others(NetnsRef netns) {
        List<String> others = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            save(netns, family).forEach((table, saved) -> {
                int rules = saved.foreignRules();
                if (rules > 0) {
                    others.add("%d %s of table %s %s"
                            .formatted(
                                    rules,
                                    rules == 1 ? "rule" : "rules",
                                    family == IpFamily.IPV4 ? "ip" : "ip6",
                                    table));
                }
            });
        }
        return others;
    }

    private static Loaded read(String policy, Layer layer, Map<IpFamily, Own> found) {
        String fingerprint = "";
        StringBuilder families = new StringBuilder();
        String wantedFamilies = "";
        int size = 0;
        boolean intact = true;
        Map<Integer, RuleCount> counts = new TreeMap<>();
        for (Map.Entry<IpFamily, Own> entry : found.entrySet()) {
            Own own = entry.getValue();
            List<SavedRule> rules =
                    own.chains().values().stream().flatMap(List::stream).toList();
            Optional<Mark> mark = rules.stream()
                    .map(rule -> Mark.in(rule.text()))
                    .flatMap(Optional::stream)
                    .findFirst();
            if (mark.isEmpty()) {
                return new Loaded(policy, layer, TAMPERED, List.of());
            }
            intact &= Seal.of(own, Mark.SEAL_LENGTH, Mark::plain)
                            .equals(mark.get().seal())
                    && (fingerprint.isEmpty() || fingerprint.equals(mark.get().fingerprint()));
            fingerprint = mark.get().fingerprint();
            wantedFamilies = mark.get().families();
            size = mark.get().rules();
            families.append(entry.getKey().digit());
            for (SavedRule rule : rules) {
                Mark.counted(rule)
                        .ifPresent(index -> counts.merge(
                                index,
                                new RuleCount(rule.packets(), rule.bytes()),
                                (a, b) -> new RuleCount(a.packets() + b.packets(), a.bytes() + b.bytes())));
            }
        }
        intact &= families.toString().equals(wantedFamilies);
        List<RuleCount> inOrder = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            inOrder.add(counts.getOrDefault(i, new RuleCount(0, 0)));
        }
        return new Loaded(policy, layer, intact ? fingerprint : TAMPERED, inOrder);
    }

    private Map<IpFamily, String> seals(Policy policy, IptablesProgram program) {
        Map<IpFamily, String> known = seals.get(policy.fingerprint());
        if (known != null) {
            return known;
        }
        String table = Hook.table(policy.layer());
        Map<IpFamily, String> worked = Tools.inThrowAway(netns -> {
            Map<IpFamily, String> byFamily = new EnumMap<>(IpFamily.class);
            for (IpFamily family : program.families()) {
                restore(netns, family, Restore.replacement(table, Own.NONE, program.own(family, Mark.UNSEALED, false)));
                Own own = save(netns, family).getOrDefault(table, Saved.EMPTY).own(policy.name());
                byFamily.put(family, Seal.of(own, Mark.SEAL_LENGTH, Mark::plain));
            }
            return byFamily;
        });
        seals.put(policy.fingerprint(), worked);
        return worked;
    }

    /** One family after the other; if the second fails, the first one is put back. */
    private void replace(NetnsRef netns, Layer layer, String policy, Map<IpFamily, Own> wanted) {
        String table = Hook.table(layer);
        Map<IpFamily, Own> before = new EnumMap<>(IpFamily.class);
        for (IpFamily family : IpFamily.values()) {
            before.put(
                    family, save(netns, family).getOrDefault(table, Saved.EMPTY).own(policy));
        }
        List<IpFamily> done = new ArrayList<>();
        try {
            for (IpFamily family : IpFamily.values()) {
                Own target = wanted.getOrDefault(family, Own.NONE);
                if (!target.isEmpty() || !before.get(family).isEmpty()) {
                    restore(netns, family, Restore.replacement(table, before.get(family), target));
                    done.add(family);
                }
            }
        } catch (RequestException e) {
            for (IpFamily family : done) {
                putBack(netns, family, table, policy, before.get(family), e);
            }
            throw e;
        }
    }

    private void putBack(
            NetnsRef netns, IpFamily family, String table, String policy, Own before, RequestException failure) {
        try {
            Own now = save(netns, family).getOrDefault(table, Saved.EMPTY).own(policy);
            restore(netns, family, Restore.replacement(table, now, before));
        } catch (RequestException alsoFailed) {
            failure.addSuppressed(alsoFailed);
        }
    }

    private Map<String, Saved> save(NetnsRef netns, IpFamily family) {
        return Restore.parse(tools.run(netns, List.of(program(family, "-save"), "-c"), ""));
    }

    private String restore(NetnsRef netns, IpFamily family, String input) {
        return tools.run(netns, restoring(family), input);
    }

    private List<String> restoring(IpFamily family) {
        return List.of(program(family, "-restore"), "--noflush", "-w", LOCK_WAIT);
    }

    private String program(IpFamily family, String what) {
        return family.tool() + "-" + flavour + what;
    }

    private static boolean seesBridgedFrames(NetnsRef netns) {
        return NamespaceThread.call(netns, () -> Files.exists(BRIDGE_NETFILTER));
    }
}
