package io.netyard.firewall;

import io.netyard.api.NetnsRef;
import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.firewall.FirewallBackend.Loaded;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import java.util.Comparator;
import java.util.Optional;

/**
 * A backend that is there. What a backend answers is taken as it is; what it throws is an answer too, since it may be anybody's: a fault
 * of one never keeps another from being asked.
 */
final class KnownBackend {

    /** The preferred one first: OSGi's order of services (Core 8, 5.2.5). */
    static final Comparator<KnownBackend> BEST_FIRST = Comparator.comparingInt(
                    (KnownBackend backend) -> -backend.ranking)
            .thenComparingLong(backend -> backend.serviceId);

    private final String name;
    private final int ranking;
    private final long serviceId;
    private final FirewallBackend service;

    /** Null until it has been asked: the answer to whether it works takes time to find and does not change. */
    private Optional<String> unavailable;

    KnownBackend(String name, int ranking, long serviceId, FirewallBackend service) {
        this.name = name;
        this.ranking = ranking;
        this.serviceId = serviceId;
        this.service = service;
    }

    String name() {
        return name;
    }

    int ranking() {
        return ranking;
    }

    FirewallBackend service() {
        return service;
    }

    /** The same service, ranked anew. */
    synchronized KnownBackend ranked(int otherRanking) {
        KnownBackend other = new KnownBackend(name, otherRanking, serviceId, service);
        other.unavailable = unavailable;
        return other;
    }

    synchronized Optional<String> unavailable() {
        if (unavailable == null) {
            unavailable = answer(service::unavailable);
        }
        return unavailable;
    }

    Optional<String> objection(Policy policy) {
        return unavailable().or(() -> answer(() -> service.objection(policy)).map(KnownBackend::cannot));
    }

    Optional<String> objection(NetnsRef netns, Policy policy) {
        return unavailable()
                .or(() -> answer(() -> service.objection(netns, policy)).map(KnownBackend::cannot));
    }

    boolean needsBridgeNetfilter(Policy policy) {
        return policy.layer() == Layer.LINK && service.needsBridgeNetfilter(policy);
    }

    boolean ignoresBridgedFrames(Policy policy) {
        return policy.layer() != Layer.LINK && service.ignoresBridgedFrames(policy);
    }

    /** What it has in force under a policy's name and layer. */
    Optional<Loaded> loaded(NetnsRef netns, Policy policy) {
        return service.loaded(netns).stream()
                .filter(loaded -> loaded.policy().equals(policy.name()) && loaded.layer() == policy.layer())
                .findFirst();
    }

    /** Whether exactly this policy is in the kernel, as this backend loads it. */
    boolean hasInForce(NetnsRef netns, Policy policy) {
        return loaded(netns, policy)
                .filter(loaded -> loaded.fingerprint().equals(policy.fingerprint()))
                .isPresent();
    }

    private interface Question {
        Optional<String> ask();
    }

    private static String cannot(String what) {
        return "cannot express " + what;
    }

    private static Optional<String> answer(Question question) {
        try {
            return question.ask();
        } catch (RuntimeException e) {
            return Optional.of("fails when asked: " + e.getMessage());
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
