package io.netyard.api.firewall;

import io.netyard.api.NetnsRef;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * One way to make the kernel enforce policies: to be registered as a service, with the property {@value #NAME} and, if it is to be
 * preferred to others, a service ranking. It remembers nothing: what it has loaded is in the kernel, marked, and is read back from there. It
 * touches nothing that is not marked as Netyard's.
 *
 * <p>Safe for use from several threads; one policy of one namespace is dealt with by one thread at a time. Whatever it runs is bounded in
 * time. Between being asked to {@link #load} and {@link #unload} it can vanish and come back as another object.
 */
@ConsumerType
public interface FirewallBackend {

    /** Service property: the name by which users know it, such as {@code nftables}. */
    String NAME = "netyard.firewall.backend";

    /**
     * Whether it works on this host at all, found by trying in a namespace that is thrown away. Not called often: its answer is kept.
     *
     * @return why not (which tool or which part of the kernel is missing, and what to do); empty if it works
     */
    Optional<String> unavailable();

    /**
     * Whether it can express <em>all</em> of a policy on this host, with the same meaning.
     *
     * @return what it cannot, in a few words ("the target of neighbour discovery"); empty if it can
     */
    Optional<String> objection(Policy policy);

    /**
     * The same with an eye on one namespace: what it cannot express there, such as rules for one of several bridges.
     *
     * @return what it cannot, in a few words; empty if it can
     */
    default Optional<String> objection(NetnsRef netns, Policy policy) {
        return objection(policy);
    }

    /**
     * Whether bridged IP frames must be handed to the IP hooks in a namespace for this policy to hold (sysctl
     * net.bridge.bridge-nf-call-iptables and its kin; the caller sets them before {@link #load} and puts them back after {@link #unload}).
     */
    default boolean needsBridgeNetfilter(Policy policy) {
        return false;
    }

    /**
     * Whether a policy of layer network or nat, as this backend loads it, keeps its meaning while bridged frames are handed to the IP hooks
     * of its namespace for the sake of another policy. If not, the two are not enforced side by side.
     */
    default boolean ignoresBridgedFrames(Policy policy) {
        return false;
    }

    /** The rules that a policy becomes, as the tool writes them; pure, for people to read. */
    List<String> render(Policy policy);

    /**
     * What loads a policy where nothing of it is yet, as {@link #load} feeds it to the tool: for somebody who is to do it without Netyard.
     *
     * @return in order; empty if this backend does not work by a tool
     * @throws io.netyard.api.RequestException if it cannot be said on this host
     */
    default List<ToolInput> loading(Policy policy) {
        return List.of();
    }

    /**
     * A run of a tool, in the namespace that is meant.
     *
     * @param command program and its arguments
     * @param input what it reads from its standard input
     */
    record ToolInput(List<String> command, String input) {

        public ToolInput {
            command = List.copyOf(command);
        }
    }

    /**
     * Puts a policy in force, at one stroke: it replaces what this backend had loaded under the same name. After a failure all is as
     * before.
     *
     * @throws io.netyard.api.RequestException with the tool's own words if it refuses or does not end in time
     */
    void load(NetnsRef netns, Policy policy);

    /** Takes away, at one stroke, what it has loaded under that name; nothing happens if there is nothing. */
    void unload(NetnsRef netns, Layer layer, String policy);

    /** What it has in force in a namespace, read from the kernel. */
    List<Loaded> loaded(NetnsRef netns);

    /**
     * What else is in a namespace that this backend's tool shows and that is not marked as Netyard's.
     *
     * @return in a few words each: "12 rules of table inet filter"
     */
    default List<String> others(NetnsRef netns) {
        return List.of();
    }

    /**
     * A policy as found in the kernel.
     *
     * @param fingerprint of the policy that was loaded: {@link Policy#fingerprint()}; another text if what is there has been tampered with or
     *     is half of it
     * @param counts one for each rule, in the policy's order; empty if this backend does not count
     */
    record Loaded(String policy, Layer layer, String fingerprint, List<RuleCount> counts) {}

    /** How often a rule has fitted, since it was loaded. */
    record RuleCount(long packets, long bytes) {}
}
