package io.netyard.firewall.nftables;

import io.netyard.api.InterfaceName;
import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.bridge.Bridge;
import io.netyard.api.bridge.Bridges;
import io.netyard.api.firewall.Condition;
import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Point;
import io.netyard.api.firewall.Policy;
import io.netyard.api.firewall.Rule;
import io.netyard.api.netns.Namespaces;
import io.netyard.firewall.nftables.Constructs.Construct;
import java.net.Inet4Address;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Policies as tables of nf_tables, by nft(8): frames on bridges in the family bridge, routed packets and NAT in the family inet. */
@Component(property = {FirewallBackend.NAME + "=nftables", "service.ranking:Integer=300"})
public final class NftablesBackend implements FirewallBackend {

    private final Bridges bridges;
    private final Nft nft;
    private final Constructs constructs;

    @Activate
    public NftablesBackend(@Reference Namespaces namespaces, @Reference Bridges bridges) {
        this.bridges = bridges;
        this.nft = new Nft(namespaces);
        this.constructs = new Constructs(nft);
    }

    @Override
    public Optional<String> unavailable() {
        try {
            if (constructs.has(Construct.BRIDGE) || constructs.has(Construct.INET)) {
                return Optional.empty();
            }
            return Optional.of("this kernel has neither %s nor %s".formatted(Construct.BRIDGE, Construct.INET));
        } catch (NetyardException e) {
            return Optional.of(e.getMessage() + ": install package nftables");
        }
    }

    @Override
    public Optional<String> objection(Policy policy) {
        Optional<String> unwritable = policy.interfaces().stream()
                .filter(name -> !Tables.canWrite(name))
                .findFirst()
                .map(name -> "the interface name " + name);
        return unwritable
                .or(() -> policy.rules().stream()
                        .map(NftablesBackend::objection)
                        .flatMap(Optional::stream)
                        .findFirst())
                .or(() -> Constructs.neededBy(policy).stream()
                        .filter(construct -> !constructs.has(construct))
                        .findFirst()
                        .map(Construct::toString));
    }

    private static Optional<String> objection(Rule rule) {
        if (rule.point() == Point.INGRESS
                && rule.condition(Condition.State.class).isPresent()) {
            return Optional.of("the connection state at ingress, where it is not known yet");
        }
        Optional<Condition.Frames> to = rule.action()
                .to()
                .map(address -> address instanceof Inet4Address ? Condition.Frames.IPV4 : Condition.Frames.IPV6);
        if (to.isPresent() && rule.family().isPresent() && !rule.family().equals(to)) {
            return Optional.of("translation between IPv4 and IPv6");
        }
        return Optional.empty();
    }

    /** Without the name of the bridge in its hands, a rule that names no port holds on all bridges of a namespace. */
    @Override
    public Optional<String> objection(NetnsRef netns, Policy policy) {
        Optional<String> anywhere = objection(policy);
        if (anywhere.isPresent() || policy.layer() != Layer.LINK || policy.isForGivenInterfaces()) {
            return anywhere;
        }
        if (constructs.has(Construct.BRIDGE_NAME)) {
            return Optional.empty();
        }
        InterfaceName meant = policy.bridge().orElseThrow();
        String others = bridges.list(netns).stream()
                .map(Bridge::name)
                .filter(name -> !name.equals(meant))
                .map(InterfaceName::value)
                .collect(Collectors.joining(", "));
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of("one of several bridges in a namespace (there is %s besides %s), for lack of %s"
                        .formatted(others, meant, Construct.BRIDGE_NAME));
    }

    @Override
    public List<String> render(Policy policy) {
        return tables(policy).lines();
    }

    @Override
    public List<ToolInput> loading(Policy policy) {
        return List.of(new ToolInput(Nft.LOADER, tables(policy).addition()));
    }

    private Tables tables(Policy policy) {
        return new Tables(policy, policy.layer() == Layer.LINK && constructs.has(Construct.BRIDGE_NAME));
    }

    @Override
    public void load(NetnsRef netns, Policy policy) {
        nft.execute(netns, "load policy " + policy.name(), tables(policy).replacement());
    }

    @Override
    public void unload(NetnsRef netns, Layer layer, String policy) {
        Construct family = layer == Layer.LINK ? Construct.BRIDGE : Construct.INET;
        if (constructs.has(family)) {
            nft.execute(netns, "remove policy " + policy, Tables.removal(layer, policy));
        }
    }

    @Override
    public List<Loaded> loaded(NetnsRef netns) {
        String list = Stream.of(Construct.BRIDGE, Construct.INET)
                .filter(constructs::has)
                .map(family -> family == Construct.BRIDGE ? "list ruleset bridge\n" : "list ruleset inet\n")
                .collect(Collectors.joining());
        return LoadedTables.parse(nft.execute(netns, "list its tables", list));
    }

    @Override
    public List<String> others(NetnsRef netns) {
        return OtherTables.of(nft.execute(netns, "list all tables", "list ruleset\n"));
    }
}
