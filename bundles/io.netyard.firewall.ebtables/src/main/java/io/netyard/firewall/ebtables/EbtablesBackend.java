package io.netyard.firewall.ebtables;

import io.netyard.api.InterfaceName;
import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.RequestException;
import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.firewall.chains.ChainName;
import io.netyard.firewall.chains.ChainProgram.TooLargeException;
import io.netyard.firewall.chains.Saved;
import io.netyard.firewall.chains.Saved.Own;
import io.netyard.firewall.chains.Saved.SavedRule;
import io.netyard.firewall.chains.Seal;
import io.netyard.firewall.chains.Tools;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One flavour of ebtables. A policy has chains of its own, {@code netyard-NAME-…}, and one jump to them from each built-in chain that it needs,
 * on top. Accepting is leaving these chains, so several policies, and whatever else is there, all have their say.
 *
 * <p>A load is atomic for a table, and no table has both hooks. A policy that has rules at both is loaded so that at no moment less is
 * forbidden than by the old rules, or than by the new ones: the new rules between ports come beside the old ones first, then those for frames
 * that come in are replaced, then the old ones between ports go.
 */
abstract class EbtablesBackend implements FirewallBackend {

    private static final int MOST_SEALS = 256;

    private static final String TAMPERED = "not as it was loaded";

    private final Tools tools;
    private final String program;
    private final Function<NetnsRef, List<InterfaceName>> bridges;

    /** How policies look on this host when they are in the kernel, by fingerprint: worked out once, and always the same. */
    private final Map<String, Map<Hook, String>> seals = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<Hook, String>> eldest) {
            return size() > MOST_SEALS;
        }
    });

    private Optional<Boolean> bridgeName = Optional.empty();

    /**
     * @param program {@code ebtables-nft} or {@code ebtables-legacy}
     * @param bridges lists the bridges of a namespace
     */
    EbtablesBackend(Tools tools, String program, Function<NetnsRef, List<InterfaceName>> bridges) {
        this.tools = tools;
        this.program = program;
        this.bridges = bridges;
    }

    @Override
    public Optional<String> unavailable() {
        try {
            Tools.inThrowAway(netns -> {
                for (Hook hook : Hook.values()) {
                    restore(
                            netns,
                            """
                            *%s
                            :netyard-trial RETURN
                            -A netyard-trial -j DROP
                            -I %s 1 -i trial -j netyard-trial
                            """
                                    .formatted(hook.table(), hook.chain()));
                }
                return "";
            });
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
            seals(policy, new EbtablesProgram(policy));
            return Optional.empty();
        } catch (TooLargeException e) {
            return Optional.of("more than " + e.getMessage());
        } catch (NetyardException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Where the kernel cannot tell bridges from each other, a rule that names no port would hold on all of a namespace. */
    @Override
    public Optional<String> objection(NetnsRef netns, Policy policy) {
        Optional<String> anywhere = objection(policy);
        if (anywhere.isPresent() || policy.isForGivenInterfaces() || hasBridgeName()) {
            return anywhere;
        }
        InterfaceName meant = policy.bridge().orElseThrow();
        String others = bridges.apply(netns).stream()
                .filter(name -> !name.equals(meant))
                .map(InterfaceName::value)
                .collect(Collectors.joining(", "));
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "one of several bridges in a namespace (there is %s besides %s): %s --logical-in does not work here"
                                .formatted(others, meant, program));
    }

    @Override
    public List<String> render(Policy policy) {
        EbtablesProgram chains = new EbtablesProgram(policy);
        List<String> lines = new ArrayList<>();
        lines.add("# " + program);
        for (Hook hook : chains.hooks()) {
            lines.add("*" + hook.table());
            Own own = chains.own(hook, Mark.UNSEALED, false, hasBridgeName());
            own.chains().keySet().forEach(chain -> lines.add(":" + chain + " RETURN"));
            lines.addAll(Listing.rules(own));
        }
        return lines;
    }

    @Override
    public List<ToolInput> loading(Policy policy) {
        EbtablesProgram chains = new EbtablesProgram(policy);
        Map<Hook, String> seal = seals(policy, chains);
        return chains.hooks().stream()
                .map(hook -> new ToolInput(
                        restoring(),
                        Listing.change(
                                hook.table(),
                                Set.of(),
                                chains.own(hook, seal.getOrDefault(hook, Mark.UNSEALED), false, hasBridgeName()),
                                Own.NONE,
                                Set.of())))
                .toList();
    }

    @Override
    public void load(NetnsRef netns, Policy policy) {
        EbtablesProgram chains = new EbtablesProgram(policy);
        Map<Hook, String> seal = seals(policy, chains);
        replace(
                netns,
                policy.name(),
                (hook, second) -> chains.own(hook, seal.getOrDefault(hook, Mark.UNSEALED), second, hasBridgeName()));
    }

    @Override
    public void unload(NetnsRef netns, Layer layer, String policy) {
        if (layer == Layer.LINK) {
            replace(netns, policy, (hook, second) -> Own.NONE);
        }
    }

    private interface Wanted {
        Own in(Hook hook, boolean second);
    }

    /** The legacy tool reads a table, changes it and writes it back: two at a time would undo each other's work. */
    private synchronized void replace(NetnsRef netns, String policy, Wanted wanted) {
        Map<Hook, Saved> tables = new EnumMap<>(Hook.class);
        Map<Hook, Own> before = new EnumMap<>(Hook.class);
        Map<Hook, Own> after = new EnumMap<>(Hook.class);
        boolean firstIsTaken = false;
        boolean secondIsTaken = false;
        for (Hook hook : Hook.values()) {
            tables.put(hook, list(netns, hook));
            before.put(hook, tables.get(hook).own(policy));
            firstIsTaken |= EbtablesProgram.has(before.get(hook), false);
            secondIsTaken |= EbtablesProgram.has(before.get(hook), true);
        }
        for (Hook hook : Hook.values()) {
            // Both, if somebody was killed in the middle: then the first is emptied.
            after.put(hook, wanted.in(hook, firstIsTaken && !secondIsTaken));
        }
        Deque<Runnable> undo = new ArrayDeque<>();
        boolean both =
                !before.get(Hook.FORWARD).isEmpty() || !after.get(Hook.FORWARD).isEmpty();
        boolean ingress =
                !before.get(Hook.INGRESS).isEmpty() || !after.get(Hook.INGRESS).isEmpty();
        try {
            if (both && ingress) {
                step(netns, Hook.FORWARD, tables, after.get(Hook.FORWARD), Own.NONE, undo);
                step(netns, Hook.INGRESS, tables, after.get(Hook.INGRESS), before.get(Hook.INGRESS), undo);
                tables.put(Hook.FORWARD, list(netns, Hook.FORWARD));
                change(
                        netns,
                        Hook.FORWARD,
                        tables.get(Hook.FORWARD),
                        Own.NONE,
                        before.get(Hook.FORWARD),
                        after.get(Hook.FORWARD));
            } else {
                Hook only = ingress ? Hook.INGRESS : Hook.FORWARD;
                step(netns, only, tables, after.get(only), before.get(only), undo);
            }
        } catch (RequestException e) {
            undo.forEach(step -> {
                try {
                    step.run();
                } catch (RequestException alsoFailed) {
                    e.addSuppressed(alsoFailed);
                }
            });
            throw e;
        }
    }

    /** All but the chains that are needed now; the jumps to them are there twice. */
    private static Own without(Own own, Own needed) {
        Map<String, List<SavedRule>> chains = new TreeMap<>(own.chains());
        chains.keySet().removeAll(needed.chains().keySet());
        return new Own(chains, own.jumps());
    }

    private void step(NetnsRef netns, Hook hook, Map<Hook, Saved> tables, Own come, Own gone, Deque<Runnable> undo) {
        if (come.isEmpty() && gone.isEmpty()) {
            return;
        }
        change(netns, hook, tables.get(hook), come, gone, come);
        undo.push(() -> change(netns, hook, list(netns, hook), withMarks(gone), chainsOnly(come), gone));
    }

    /**
     * The marks of chains that go, go too, unless somebody else calls them.
     *
     * @param kept may have chains of the same names as those that go: they stay
     */
    private void change(NetnsRef netns, Hook hook, Saved table, Own come, Own gone, Own kept) {
        if (come.isEmpty() && gone.isEmpty()) {
            return;
        }
        Set<String> marks = new LinkedHashSet<>(names(gone));
        marks.removeAll(names(kept));
        table.chains().forEach((chain, rules) -> {
            if (!gone.chains().containsKey(chain) || kept.chains().containsKey(chain) && come.isEmpty()) {
                rules.forEach(rule -> marks.remove(rule.target()));
            }
        });
        restore(netns, Listing.change(hook.table(), table.chains().keySet(), come, without(gone, kept), marks));
    }

    private static List<String> names(Own own) {
        return Mark.in(own).stream().map(Mark::toString).toList();
    }

    private static Own withMarks(Own own) {
        Map<String, List<SavedRule>> chains = new LinkedHashMap<>();
        names(own).forEach(mark -> chains.put(mark, List.of()));
        chains.putAll(own.chains());
        return new Own(chains, own.jumps());
    }

    private static Own chainsOnly(Own own) {
        Map<String, List<SavedRule>> chains = new LinkedHashMap<>(own.chains());
        names(own).forEach(chains::remove);
        return new Own(chains, own.jumps());
    }

    @Override
    public List<Loaded> loaded(NetnsRef netns) {
        Map<Hook, Saved> tables = new EnumMap<>(Hook.class);
        TreeSet<String> policies = new TreeSet<>();
        for (Hook hook : Hook.values()) {
            Saved table = list(netns, hook);
            tables.put(hook, table);
            policies.addAll(table.policies());
        }
        List<Loaded> found = new ArrayList<>();
        for (String policy : policies) {
            Map<Hook, Own> own = new EnumMap<>(Hook.class);
            tables.forEach((hook, table) -> {
                Own here = table.own(policy);
                if (!here.isEmpty()) {
                    own.put(hook, here);
                }
            });
            found.add(read(policy, own));
        }
        return found;
    }

    private static Loaded read(String policy, Map<Hook, Own> found) {
        Set<String> fingerprints = new TreeSet<>();
        boolean intact = true;
        int tables = 0;
        int wanted = 0;
        Map<Integer, RuleCount> counts = new TreeMap<>();
        for (Map.Entry<Hook, Own> entry : found.entrySet()) {
            Own own = entry.getValue();
            List<Mark> marks = Mark.in(own);
            if (marks.size() != 1) {
                return new Loaded(policy, Layer.LINK, TAMPERED, List.of());
            }
            Mark mark = marks.get(0);
            fingerprints.add(mark.fingerprint());
            tables += entry.getKey().bit();
            wanted = mark.tables();
            intact &= Seal.of(own, Mark.SEAL_LENGTH, Mark::plain).equals(mark.seal());
            own.chains().forEach((chain, rules) -> {
                ChainName name = ChainName.parse(chain).orElseThrow();
                if (Character.toLowerCase(name.letter()) == EbtablesProgram.COUNTER) {
                    SavedRule last = rules.isEmpty() ? new SavedRule("", 0, 0) : rules.get(rules.size() - 1);
                    counts.put(name.number(), new RuleCount(last.packets(), last.bytes()));
                }
            });
        }
        intact &= tables == wanted && fingerprints.size() == 1;
        return new Loaded(
                policy, Layer.LINK, intact ? fingerprints.iterator().next() : TAMPERED, List.copyOf(counts.values()));
    }

    private Map<Hook, String> seals(Policy policy, EbtablesProgram chains) {
        Map<Hook, String> known = seals.get(policy.fingerprint());
        if (known != null) {
            return known;
        }
        boolean named = hasBridgeName();
        Map<Hook, String> worked = Tools.inThrowAway(netns -> {
            Map<Hook, String> byHook = new EnumMap<>(Hook.class);
            for (Hook hook : chains.hooks()) {
                restore(
                        netns,
                        Listing.change(
                                hook.table(),
                                Set.of(),
                                chains.own(hook, Mark.UNSEALED, false, named),
                                Own.NONE,
                                Set.of()));
                byHook.put(hook, Seal.of(list(netns, hook).own(policy.name()), Mark.SEAL_LENGTH, Mark::plain));
            }
            return byHook;
        });
        seals.put(policy.fingerprint(), worked);
        return worked;
    }

    /** Whether rules can be for one bridge; nf_tables needs NFT_BRIDGE_META for that. */
    private synchronized boolean hasBridgeName() {
        if (bridgeName.isEmpty()) {
            try {
                Tools.inThrowAway(netns -> restore(netns, "*filter\n-A FORWARD --logical-in trial -j DROP\n"));
                bridgeName = Optional.of(true);
            } catch (RequestException e) {
                bridgeName = Optional.of(false);
            }
        }
        return bridgeName.get();
    }

    private Saved list(NetnsRef netns, Hook hook) {
        return Listing.parse(tools.run(netns, List.of(program, "-t", hook.table(), "-L", "--Lc"), ""));
    }

    private String restore(NetnsRef netns, String input) {
        return tools.run(netns, restoring(), input);
    }

    private List<String> restoring() {
        return List.of(program + "-restore", "--noflush");
    }
}
