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
     * Measures all that the lab promises. Pings, ARP requests, marked frames and connection attempts are sent from sockets inside the namespaces,
     * those of a kind all at once that should arrive and then all that should not; what the lab's namespaces have learned of their neighbours,
     * and, where frames are watched on their way, what its bridges have learned, is forgotten first. VLAN tables are read back.
     *
     * @param patience least time to wait for an answer; on a slow kernel the wait grows with the answers seen
     */
    Verdict verify(RunningLab lab, Duration patience);
}
