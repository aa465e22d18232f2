package io.netyard.api.proof;

import io.netyard.api.lab.RunningLab;
import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/** Measures a running lab by frames really sent. Safe for use from several threads. */
@ProviderType
public interface Verifier {

    /** How long an answer is waited for at least. */
    Duration DEFAULT_PATIENCE = Duration.ofMillis(300);

    /**
     * Pings every expected pair, all at once that should answer and then all that should not, from sockets inside the namespaces, with
     * neighbour entries forgotten first; reads the VLAN
     * tables that the expectations name.
     *
     * @param patience least time to wait for an answer; on a slow kernel the wait grows with the answers seen
     */
    Verdict verify(RunningLab lab, Duration patience);
}
