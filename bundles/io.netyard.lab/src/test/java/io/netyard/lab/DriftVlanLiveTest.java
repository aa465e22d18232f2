package io.netyard.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.RequestException;
import io.netyard.api.lab.LabStatus.State;
import io.netyard.testing.Eventually;
import io.netyard.testing.Feature;
import io.netyard.testing.LiveKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** VLAN tables that somebody else changes. */
@LiveKernel(needs = Feature.VLAN_FILTERING)
@Timeout(300)
class DriftVlanLiveTest {

    private static final String TEXT =
            """
            lab: driftvlan
            nodes: {a: {}, b: {}, hub: {}}
            switches:
              br0:
                node: hub
                ports:
                  pa: ["10 pvid untagged", "20"]  # to a
            links: {a: ["a:eth0", "br0:pa"], b: ["b:eth0", "br0:pb"]}
            groups: {green: {vlan: 10, members: [a, b]}}
            """;

    @TempDir
    Path scratch;

    private final List<String> told = new CopyOnWriteArrayList<>();

    @Test
    void vlanTablesAreWatchedPutBackAndTakenOverWhereTheFileHasThem() throws Exception {
        Path file = Files.writeString(scratch.resolve("lab.yaml"), TEXT);
        try (LiveLabs live = new LiveLabs(scratch.resolve("state/labs"), told::add)) {
            live.labs().apply(file, Optional.empty(), progress -> {});
            // When this is told, the first look after the change is over.
            live.run("driftvlan", "hub", "bridge vlan add dev pb vid 30-32");
            awaitTold("hub:pb: VLANs 30-32 (tagged) were added");
            assertThat(told).hasSize(1);
            live.run("driftvlan", "hub", "bridge vlan del dev pa vid 20");
            awaitTold("hub:pa: VLAN 20 (tagged) is missing");
            assertThat(live.labs().status("driftvlan").state()).isEqualTo(State.DIFFERS);
            assertThatThrownBy(() -> live.labs().accept("driftvlan"))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("hub:pb: VLANs 30-32 (tagged) were added (the table follows from groups");

            live.labs().repair("driftvlan", progress -> {});
            awaitTold("again: hub:pa: VLAN 20 (tagged) is missing");
            assertThat(live.labs().status("driftvlan").state()).isEqualTo(State.UP);

            live.run("driftvlan", "hub", "bridge vlan del dev pa vid 20");
            live.run("driftvlan", "hub", "bridge vlan add dev pa vid 40-41");
            live.labs().accept("driftvlan");
            assertThat(Files.readString(file)).isEqualTo(TEXT.replace("\"20\"", "\"40-41\""));
            assertThat(live.labs().status("driftvlan").state()).isEqualTo(State.UP);
        }
    }

    private void awaitTold(String sentence) throws Exception {
        Eventually.holds("told of: " + sentence + ", so far " + told, () -> told.contains(sentence));
    }
}
