package io.netyard.api.firewall;

import io.netyard.api.NetnsRef;
import io.netyard.api.firewall.FirewallBackend.RuleCount;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The policies of all namespaces and who enforces them. For each policy it picks, of the backends that can express all of it, the one
 * that is pinned, else the one with the highest ranking. When backends come, go, or are pinned, it hands policies over while packets
 * flow: the new rules are loaded and read back before the old ones go. A pin is meant: if the pinned backend is not there, what is in the
 * kernel stays, and the policy is {@link State#DEGRADED}.
 *
 * <p>What is wanted survives a restart of the appliance. Safe for use from several threads.
 */
@ProviderType
public interface Firewall {

    /** Owner of what is set on the console, outside any lab. */
    String HAND_MADE = "-";

    /**
     * Who would enforce a policy, as things are now; changes nothing.
     *
     * @param pin a backend's name, or the part of it before a hyphen ({@code iptables} means {@code iptables-nft} or
     *     {@code iptables-legacy}); empty leaves it to the configuration and the ranking
     */
    Choice choose(Policy policy, Optional<String> pin);

    /**
     * Puts a policy in force, replacing at one stroke one of the same name.
     *
     * @param owner a lab's name, or {@link #HAND_MADE}
     * @throws io.netyard.api.RequestException if no backend can express it (says for each why not), if a policy of that name has another
     *     owner or another layer, or if the backend refuses; then all is as before
     */
    Enforcement set(NetnsRef netns, String owner, Policy policy, Optional<String> pin);

    /** Takes a policy away; nothing happens if there is none of that name. */
    void remove(NetnsRef netns, String policy);

    /** Forgets the policies of a namespace that is about to be destroyed, rules and all; the kernel is not asked. */
    void forget(NetnsRef netns);

    /** All policies that are wanted, in order of namespace and name. */
    List<Enforcement> enforcements();

    /** Those of one namespace, in order of name. */
    List<Enforcement> enforcements(NetnsRef netns);

    /**
     * What would put a policy in force where nothing is yet, by a backend's tool and without Netyard. Changes nothing.
     *
     * @param backend a name that {@link #choose} has found
     * @throws io.netyard.api.RequestException if that backend is not there, or has no tool that could be told
     */
    Loading loading(Policy policy, String backend);

    /**
     * The policies that are in the kernel by their marks, whoever has loaded them; what backends say that are there and work.
     *
     * @throws io.netyard.api.RequestException if a tool refuses to tell
     */
    List<FirewallBackend.Loaded> found(NetnsRef netns);

    /** What else is there, in a few words each: see {@link FirewallBackend#others}. */
    List<String> others(NetnsRef netns);

    /** The rules in the kernel that a policy became, as its backend writes them. */
    List<String> rendered(Enforcement enforcement);

    /** How often each rule of a policy has fitted, in the policy's order; empty if its backend does not count or is not there. */
    List<RuleCount> counts(Enforcement enforcement);

    /** The backends that are there, best first. */
    List<Backend> backends();

    /** What is wrong with the configuration, a sentence each; what is in force stays in force. */
    List<String> warnings();

    /**
     * Pins a backend for a layer, or for all of them, in the configuration {@code io.netyard.firewall}, and hands over.
     *
     * @param layer empty means all layers
     * @param backend empty takes the pin away
     * @throws io.netyard.api.RequestException if there is no such backend, or it cannot express a policy that is in force
     */
    void pin(Optional<Layer> layer, Optional<String> backend);

    /**
     * @param inputs in order
     * @param sysctls names below {@code net.bridge} and values that must be set before, for bridged frames to come by; else empty
     */
    record Loading(List<FirewallBackend.ToolInput> inputs, Map<String, String> sysctls) {}

    /**
     * @param backend empty if none can
     * @param objections why others were not taken: by name, in order of preference
     */
    record Choice(Optional<String> backend, Map<String, String> objections) {}

    /**
     * A policy and how it is enforced.
     *
     * @param pin asked for with the policy itself
     * @param backend whose rules are in the kernel; empty if nobody's are
     * @param detail what is wrong, if something is
     */
    record Enforcement(
            NetnsRef netns,
            String owner,
            Policy policy,
            Optional<String> pin,
            Optional<String> backend,
            State state,
            String detail) {}

    /** Whether a policy is as it should be. */
    enum State {
        /** Its rules are in the kernel, by a backend that is there. */
        IN_FORCE,
        /** Its rules are in the kernel, but the backend that loaded them has gone, or another one is pinned and cannot take over. */
        DEGRADED,
        /** Its rules are not in the kernel, or not as they were loaded. */
        BROKEN
    }

    /**
     * @param ranking as registered
     * @param unavailable why it does not work here; empty if it does
     * @param pinned layers for which the configuration names it
     * @param policies how many it enforces now
     */
    record Backend(String name, int ranking, Optional<String> unavailable, List<Layer> pinned, int policies) {}
}
