package io.netyard.testing.contract;

import static io.netyard.testing.contract.Flow.udp;

import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.firewall.FirewallBackend.Loaded;
import io.netyard.api.firewall.FirewallBackend.ToolInput;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.api.netns.Namespaces;
import io.netyard.testing.Feature;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * What a backend promises, tried with real traffic in namespaces that are thrown away. It may object to a policy; what it does not object to
 * must work. For any test framework: run the {@link #scenarios()}, one at a time.
 */
public final class FirewallBackendContract implements AutoCloseable {

    private static final String SYSCTLS = "/proc/sys/net/bridge/bridge-nf-";

    /** Every such case of the catalogue is essential: no kind of rule has fewer cases in a row. */
    private static final int STRIDE = 6;

    private static final int SAMPLE = 5;

    /** A tool takes milliseconds; a machine that is busy, or emulated, seconds. */
    private static final Duration TOOL_LIMIT = Duration.ofSeconds(60);

    private final FirewallBackend backend;
    private final Namespaces namespaces;

    /** Sites that nothing has been changed of, for whoever changes nothing: making them is most of the work. */
    private final Map<Layer, Site> pristine = new EnumMap<>(Layer.class);

    /** @param namespaces runs programs where it is told to */
    public FirewallBackendContract(FirewallBackend backend, Namespaces namespaces) {
        this.backend = backend;
        this.namespaces = namespaces;
    }

    /** One thing that must hold. */
    public interface Scenario {

        String name();

        /**
         * Tries it.
         *
         * @return why there is nothing to try here (the backend objects, or the kernel lacks what the trial needs); empty if it has been tried
         * @throws AssertionError if it does not hold
         */
        Optional<String> run() throws Exception;
    }

    private interface Body {
        Optional<String> run() throws Exception;
    }

    private record Named(String name, Body body) implements Scenario {
        @Override
        public Optional<String> run() throws Exception {
            return body.run();
        }
    }

    /** All of them, independent of each other. */
    public List<Scenario> scenarios() {
        List<Scenario> all = new ArrayList<>();
        Catalogue.all().forEach(each -> all.add(new Named(each.toString(), () -> tryCase(each))));
        for (Layer layer : List.of(Layer.LINK, Layer.NETWORK)) {
            all.add(new Named(layer + ": replaced at one stroke", () -> replaced(layer)));
            all.add(new Named(layer + ": loaded by hand, in the words that it says", () -> byHand(layer)));
            all.add(new Named(layer + ": two policies side by side", () -> sideBySide(layer)));
            all.add(new Named(layer + ": other people's rules stay as they are", () -> foreignRules(layer)));
            all.add(new Named(layer + ": loading in a namespace that has gone is refused", () -> goneNamespace(layer)));
        }
        all.add(new Named("link: another bridge is left alone", this::otherBridge));
        all.add(new Named("network: bridged frames are left alone", this::bridgedFrames));
        all.add(new Named("nothing is found where nothing was loaded", this::nothing));
        return all;
    }

    /**
     * Some of them, of every kind and all with tags, for where time is short and the whole contract is run elsewhere: the lab kernel is
     * slow, and what it alone has is VLANs.
     */
    public List<Scenario> essentials() {
        List<Scenario> all = scenarios();
        List<Case> cases = Catalogue.all();
        List<Scenario> some = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (i >= cases.size() || i % STRIDE == 0 || cases.get(i).isPrepared()) {
                some.add(all.get(i));
            }
        }
        return some;
    }

    /** A few of the essentials, to see that a backend works in a container as it does in its own live tests. */
    public List<Scenario> samples() {
        List<Scenario> all = essentials();
        return IntStream.range(0, all.size())
                .filter(i -> i % SAMPLE == 0)
                .mapToObj(all::get)
                .toList();
    }

    /** All of them, or what is {@linkplain #essentials() essential} in the lab kernel, for backends that work on this kernel too. */
    public List<Scenario> scenariosForThisKernel() {
        return Feature.VLAN_FILTERING.isHere() ? essentials() : scenarios();
    }

    private Site site(Layer layer) {
        return layer == Layer.LINK ? Site.bridged(namespaces) : Site.routed(namespaces);
    }

    private static String node(Layer layer) {
        return layer == Layer.LINK ? "sw" : "r";
    }

    private static Flow allowed(Layer layer) {
        return layer == Layer.LINK ? udp("h1", "h2", 8) : udp("c", "s", 8);
    }

    private static Flow forbidden(Layer layer) {
        return layer == Layer.LINK
                ? udp("h1", "h2", 7).silent()
                : udp("c", "s", 7).silent();
    }

    private static Policy simple(Layer layer, String name, String... more) {
        String way = layer == Layer.LINK ? "forward in p1" : "forward in rc";
        List<String> lines = new ArrayList<>(List.of(way + " udp dport 7 drop"));
        lines.addAll(List.of(more));
        return Case.policy(name, layer, lines);
    }

    private Optional<String> tryCase(Case what) throws Exception {
        Policy policy = what.policy();
        Optional<String> objection = backend.objection(policy);
        if (objection.isPresent()) {
            requireOneLine(objection.get());
            return objection.map(text -> "objects: " + text);
        }
        if (backend.render(policy).isEmpty()) {
            throw new AssertionError("shows no rules for " + policy.lines());
        }
        if (what.prepare() != Case.AS_IT_IS) {
            try (Site site = site(policy.layer())) {
                return tryCase(what, site);
            }
        }
        Site site = pristine.remove(policy.layer());
        if (site == null) {
            site = site(policy.layer());
        }
        try {
            Optional<String> why = tryCase(what, site);
            pristine.put(policy.layer(), site);
            site = null;
            return why;
        } finally {
            if (site != null) {
                site.close();
            }
        }
    }

    private Optional<String> tryCase(Case what, Site site) throws Exception {
        Policy policy = what.policy();
        String node = node(policy.layer());
        try {
            what.prepare().accept(site);
        } catch (IllegalStateException e) {
            return Optional.of("cannot be set up here: " + e.getMessage());
        }
        NetnsRef netns = site.ref(node);
        Optional<String> here = backend.objection(netns, policy);
        if (here.isPresent()) {
            return here.map(text -> "objects in this namespace: " + text);
        }
        hookUp(site, node, policy);
        backend.load(netns, policy);
        for (Flow flow : what.flows()) {
            site.check(flow, "with " + policy.lines());
        }
        Loaded loaded = requireLoaded(netns, policy);
        requireCounts(what, loaded);
        backend.unload(netns, policy.layer(), policy.name());
        requireNothing(netns);
        for (Flow flow : what.flows()) {
            if (flow.fate() != Flow.Fate.PASSES) {
                site.check(passing(flow), "after unloading " + policy.lines());
            }
        }
        return Optional.empty();
    }

    private static Flow passing(Flow flow) {
        return new Flow(
                flow.from(),
                flow.target(),
                flow.kind(),
                flow.ipv6(),
                flow.port(),
                flow.sourcePort(),
                flow.source(),
                flow.to(),
                flow.at(),
                flow.peer(),
                Flow.Fate.PASSES);
    }

    /** What the firewall service does before a policy is loaded. */
    private void hookUp(Site site, String node, Policy policy) {
        boolean needed = backend.needsBridgeNetfilter(policy);
        site.write(node, SYSCTLS + "call-iptables", needed ? "1" : "0");
        site.write(node, SYSCTLS + "call-ip6tables", needed ? "1" : "0");
        site.write(
                node,
                SYSCTLS + "filter-vlan-tagged",
                needed && !policy.taggedPorts().isEmpty() ? "1" : "0");
    }

    private Loaded requireLoaded(NetnsRef netns, Policy policy) {
        List<Loaded> all = backend.loaded(netns).stream()
                .filter(loaded -> loaded.policy().equals(policy.name()))
                .toList();
        if (all.size() != 1
                || all.get(0).layer() != policy.layer()
                || !all.get(0).fingerprint().equals(policy.fingerprint())) {
            throw new AssertionError(
                    "says that %s is loaded where %s was".formatted(backend.loaded(netns), policy.lines()));
        }
        int counts = all.get(0).counts().size();
        if (counts != 0 && counts != policy.rules().size()) {
            throw new AssertionError("%d counts for the %d rules of %s"
                    .formatted(counts, policy.rules().size(), policy.lines()));
        }
        return all.get(0);
    }

    private static void requireCounts(Case what, Loaded loaded) {
        for (int i = 0; i < loaded.counts().size(); i++) {
            boolean hit = loaded.counts().get(i).packets() > 0;
            if (hit == what.unhit().contains(i)) {
                throw new AssertionError("'%s' counts %s"
                        .formatted(what.policy().rules().get(i), loaded.counts().get(i)));
            }
        }
    }

    private void requireNothing(NetnsRef netns) {
        List<Loaded> left = backend.loaded(netns);
        if (!left.isEmpty()) {
            throw new AssertionError("says that something is loaded still: " + left);
        }
    }

    private static void requireOneLine(String text) {
        if (text.isBlank() || text.contains("\n")) {
            throw new AssertionError("not one line: '" + text + "'");
        }
    }

    /** By somebody who has the tool and no backend. */
    private Optional<String> byHand(Layer layer) throws Exception {
        Policy policy = simple(layer, "case");
        Optional<String> objection = backend.objection(policy);
        if (objection.isPresent()) {
            return objection.map(text -> "objects: " + text);
        }
        List<ToolInput> inputs = backend.loading(policy);
        if (inputs.isEmpty()) {
            return Optional.of("works without a tool");
        }
        try (Site site = site(layer)) {
            NetnsRef netns = site.ref(node(layer));
            hookUp(site, node(layer), policy);
            for (ToolInput input : inputs) {
                Namespaces.Output output = namespaces.run(netns, input.command(), input.input(), TOOL_LIMIT);
                if (output.status() != 0) {
                    throw new AssertionError("%s refuses %s: %s".formatted(input.command(), input.input(), output));
                }
            }
            site.check(allowed(layer), "loaded by hand");
            site.check(forbidden(layer), "loaded by hand");
            requireLoaded(netns, policy);
            backend.unload(netns, layer, policy.name());
            requireNothing(netns);
            return Optional.empty();
        }
    }

    /** While rules come and go that do not differ in what the two streams meet. */
    private Optional<String> replaced(Layer layer) throws Exception {
        Policy one = simple(layer, "case");
        Policy other = simple(
                layer, "case", "forward source not 10.77.0.1,10.77.0.2 udp dport 9 drop", "forward udp dport 10 drop");
        Optional<String> objection = backend.objection(one).or(() -> backend.objection(other));
        if (objection.isPresent()) {
            return objection.map(text -> "objects: " + text);
        }
        try (Site site = site(layer)) {
            NetnsRef netns = site.ref(node(layer));
            hookUp(site, node(layer), one);
            backend.load(netns, one);
            Flow allowed = allowed(layer);
            Flow forbidden = forbidden(layer);
            site.check(allowed, "before");
            site.check(forbidden, "before");
            try (DatagramSocket hearsAllowed = site.listen(site.ref(allowed.target()), allowed.port());
                    DatagramSocket hearsForbidden = site.listen(site.ref(forbidden.target()), forbidden.port());
                    DatagramSocket mouth = site.sender(site.ref(allowed.from()), site.source(allowed), 0)) {
                AtomicBoolean over = new AtomicBoolean();
                InetAddress to = InetAddress.getByName(layer == Layer.LINK ? "10.0.0.2" : "10.2.0.1");
                hearsAllowed.setReceiveBufferSize(4 << 20);
                int[] sent = new int[1];
                Thread stream = new Thread(() -> sent[0] = stream(mouth, to, allowed.port(), forbidden.port(), over));
                stream.start();
                int[] heard = new int[1];
                Thread ear = new Thread(() -> heard[0] = drain(hearsAllowed, over));
                ear.start();
                try {
                    for (int i = 0; i < 6; i++) {
                        Policy next = i % 2 == 0 ? other : one;
                        backend.load(netns, next);
                        requireLoaded(netns, next);
                    }
                } finally {
                    over.set(true);
                    stream.join();
                    ear.join();
                }
                hearsForbidden.setSoTimeout(1);
                try {
                    hearsForbidden.receive(new DatagramPacket(new byte[8], 8));
                    throw new AssertionError("a forbidden packet came through while rules were replaced");
                } catch (SocketTimeoutException e) {
                    // As it must be.
                }
                if (heard[0] < sent[0] || sent[0] == 0) {
                    throw new AssertionError(
                            "of %d allowed packets %d arrived while rules were replaced".formatted(sent[0], heard[0]));
                }
            }
            backend.unload(netns, layer, "case");
            requireNothing(netns);
            return Optional.empty();
        }
    }

    private static int stream(DatagramSocket mouth, InetAddress to, int allowed, int forbidden, AtomicBoolean over) {
        int sent = 0;
        try {
            while (!over.get()) {
                mouth.send(new DatagramPacket(new byte[8], 8, to, forbidden));
                mouth.send(new DatagramPacket(new byte[8], 8, to, allowed));
                sent++;
                Thread.sleep(1);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return sent;
    }

    private static int drain(DatagramSocket ear, AtomicBoolean over) {
        int heard = 0;
        try {
            ear.setSoTimeout(300);
            while (true) {
                try {
                    ear.receive(new DatagramPacket(new byte[8], 8));
                    heard++;
                } catch (SocketTimeoutException e) {
                    if (over.get()) {
                        return heard;
                    }
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Optional<String> sideBySide(Layer layer) throws Exception {
        Policy one = simple(layer, "one");
        Policy two = Case.policy("two", layer, List.of("forward udp dport 7 accept", "forward udp dport 9 drop"));
        Optional<String> objection = backend.objection(one).or(() -> backend.objection(two));
        if (objection.isPresent()) {
            return objection.map(text -> "objects: " + text);
        }
        try (Site site = site(layer)) {
            NetnsRef netns = site.ref(node(layer));
            hookUp(site, node(layer), one);
            Flow nine = layer == Layer.LINK
                    ? udp("h1", "h2", 9).silent()
                    : udp("c", "s", 9).silent();
            for (List<Policy> order : List.of(List.of(one, two), List.of(two, one))) {
                for (Policy policy : order) {
                    backend.load(netns, policy);
                }
                requireLoaded(netns, one);
                requireLoaded(netns, two);
                site.check(forbidden(layer), "two policies");
                site.check(nine, "two policies");
                site.check(allowed(layer), "two policies");
                backend.unload(netns, layer, order.get(0).name());
                requireLoaded(netns, order.get(1));
                site.check(passing(order.get(0).equals(one) ? forbidden(layer) : nine), "one of two policies");
                site.check(order.get(0).equals(one) ? nine : forbidden(layer), "one of two policies");
                backend.unload(netns, layer, order.get(1).name());
                requireNothing(netns);
            }
            return Optional.empty();
        }
    }

    private Optional<String> foreignRules(Layer layer) throws Exception {
        Policy policy = simple(layer, "case", "forward source not 10.77.0.1,10.77.0.2 udp dport 9 drop");
        Policy other = simple(layer, "case");
        Optional<String> objection = backend.objection(policy).or(() -> backend.objection(other));
        if (objection.isPresent()) {
            return objection.map(text -> "objects: " + text);
        }
        try (Site site = site(layer)) {
            String node = node(layer);
            NetnsRef netns = site.ref(node);
            hookUp(site, node, policy);
            ForeignRules foreign = new ForeignRules(site, node);
            if (foreign.isEmpty()) {
                return Optional.of("no tool to make other rules with");
            }
            // Something unimportant goes on in every namespace; what counts packets is compared where there is none.
            String before = foreign.rules();
            backend.load(netns, policy);
            backend.load(netns, other);
            requireLoaded(netns, other);
            site.check(forbidden(layer), "beside other rules");
            site.check(allowed(layer), "beside other rules");
            backend.unload(netns, layer, policy.name());
            requireSame(before, foreign.rules());
            backend.load(netns, policy);
            backend.unload(netns, layer, policy.name());
            backend.unload(netns, layer, policy.name());
            requireSame(before, foreign.rules());
            requireNothing(netns);
            return Optional.empty();
        }
    }

    private static void requireSame(String before, String after) {
        if (!before.equals(after)) {
            TreeSet<String> gone = new TreeSet<>(before.lines().toList());
            TreeSet<String> come = new TreeSet<>(after.lines().toList());
            come.removeAll(gone);
            gone.removeAll(after.lines().toList());
            throw new AssertionError("other rules have changed: gone %s, come %s; before:%n%s%nafter:%n%s"
                    .formatted(gone, come, before, after));
        }
    }

    private Optional<String> goneNamespace(Layer layer) {
        Policy policy = simple(layer, "case");
        Optional<String> objection = backend.objection(policy);
        if (objection.isPresent()) {
            return objection.map(text -> "objects: " + text);
        }
        NetnsRef gone;
        try (Site site = site(layer)) {
            gone = site.ref(node(layer));
        }
        try {
            backend.load(gone, policy);
        } catch (NetyardException e) {
            requireOneLine(e.getMessage());
            return Optional.empty();
        }
        throw new AssertionError("loads a policy where there is no namespace");
    }

    private Optional<String> otherBridge() throws Exception {
        Policy policy = Case.policy("case", Layer.LINK, List.of("forward udp dport 7 drop"));
        Optional<String> objection = backend.objection(policy);
        if (objection.isPresent()) {
            return objection.map(text -> "objects: " + text);
        }
        try (Site site = Site.bridged(namespaces).secondBridge()) {
            NetnsRef netns = site.ref("sw");
            Optional<String> here = backend.objection(netns, policy);
            if (here.isPresent()) {
                return here.map(text -> "objects in this namespace: " + text);
            }
            hookUp(site, "sw", policy);
            backend.load(netns, policy);
            site.check(udp("h1", "h2", 7).silent(), "on its bridge");
            site.check(udp("h4", "h5", 7), "on another bridge");
            return Optional.empty();
        }
    }

    private Optional<String> bridgedFrames() throws Exception {
        Policy policy =
                Case.policy("case", Layer.NETWORK, List.of("forward udp dport 8 accept", "otherwise forward drop"));
        Optional<String> objection = backend.objection(policy);
        if (objection.isPresent()) {
            return objection.map(text -> "objects: " + text);
        }
        if (!backend.ignoresBridgedFrames(policy)) {
            return Optional.of("does not say so");
        }
        try (Site site = Site.bridged(namespaces)) {
            site.write("sw", SYSCTLS + "call-iptables", "1");
            site.write("sw", SYSCTLS + "call-ip6tables", "1");
            backend.load(site.ref("sw"), policy);
            site.check(udp("h1", "h2", 7), "beside a policy for routed packets");
            site.check(udp("h1", "h2", 7).v6(), "beside a policy for routed packets");
            return Optional.empty();
        }
    }

    private Optional<String> nothing() {
        try (Site site = Site.routed(namespaces)) {
            requireNothing(site.ref("r"));
            for (Layer layer : Layer.values()) {
                backend.unload(site.ref("r"), layer, "case");
            }
            requireNothing(site.ref("r"));
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        pristine.values().forEach(Site::close);
        pristine.clear();
    }
}
