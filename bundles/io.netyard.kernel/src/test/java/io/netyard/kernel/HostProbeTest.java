package io.netyard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.KernelException;
import io.netyard.kernel.KernelTrial.Outcome;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HostProbeTest {

    private static String verdict(Map<KernelTrial, Outcome> exceptions) {
        return HostProbe.verdict(trial -> exceptions.getOrDefault(trial, Outcome.WORKS));
    }

    @Test
    void aKernelThatDoesItAllIsTaken() {
        assertThat(verdict(Map.of())).isEqualTo("ok");
    }

    @Test
    void whatOnlySomeLabsNeedIsMissing() {
        assertThat(verdict(Map.of(
                        KernelTrial.VLAN_SUBINTERFACE, Outcome.MISSING, KernelTrial.VLAN_FILTERING, Outcome.MISSING)))
                .isEqualTo("missing: bridge VLAN filtering, 802.1Q subinterfaces");
    }

    @Test
    void whatEveryLabNeedsIsNotJustMissing() {
        assertThat(verdict(Map.of(KernelTrial.BRIDGE, Outcome.MISSING, KernelTrial.VLAN_FILTERING, Outcome.MISSING)))
                .isEqualTo("not permitted: this kernel lacks what every lab needs: bridges, bridge VLAN filtering");
    }

    @Test
    void namespacesInWhichNothingIsAllowedAreNotPermitted() {
        assertThat(verdict(Map.of(
                        KernelTrial.CABLE, Outcome.REFUSED,
                        KernelTrial.BRIDGE, Outcome.REFUSED,
                        KernelTrial.VLAN_FILTERING, Outcome.MISSING)))
                .isEqualTo("not permitted: network namespaces can be made, but in them this is refused: "
                        + "cables between namespaces (veth), bridges");
    }

    @Test
    void nothingElseIsTriedWithoutNamespaces() {
        String verdict = HostProbe.verdict(trial -> {
            assertThat(trial).isEqualTo(KernelTrial.NAMESPACES);
            return Outcome.REFUSED;
        });
        assertThat(verdict).startsWith("not permitted: ").contains("root");
    }

    @Test
    void aRefusalIsToldFromAKernelThatLacksIt() {
        assertThat(KernelTrial.outcome(() -> true)).isEqualTo(Outcome.WORKS);
        assertThat(KernelTrial.outcome(() -> false)).isEqualTo(Outcome.MISSING);
        assertThat(KernelTrial.outcome(() -> {
                    throw new KernelException("create", "link", 1, "");
                }))
                .isEqualTo(Outcome.REFUSED);
        assertThat(KernelTrial.outcome(() -> {
                    throw new KernelException("create", "link", 95, "Unknown device type");
                }))
                .isEqualTo(Outcome.MISSING);
        assertThat(KernelTrial.outcome(() -> {
                    throw new IllegalStateException(new AccessDeniedException("/proc/sys/net/ipv4/ip_forward"));
                }))
                .isEqualTo(Outcome.REFUSED);
        assertThat(KernelTrial.outcome(() -> {
                    throw new IllegalStateException(
                            new FileSystemException("/proc/sys/net/ipv4/ip_forward", null, "Operation not permitted"));
                }))
                .isEqualTo(Outcome.REFUSED);
        assertThat(KernelTrial.outcome(() -> {
                    throw new IllegalStateException(new NoSuchFileException("/proc/sys/net/ipv4/ip_forward"));
                }))
                .isEqualTo(Outcome.MISSING);
    }
}
