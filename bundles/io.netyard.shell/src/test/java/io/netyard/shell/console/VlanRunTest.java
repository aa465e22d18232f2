package io.netyard.shell.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VlanRunTest {

    @Test
    void neighboursWithTheSameFlagsAreOneRange() {
        List<VlanEntry> table = Stream.concat(
                        Stream.of(new VlanEntry(new VlanId(1), true, true)),
                        IntStream.of(2, 3, 4, 7, 8).mapToObj(vid -> new VlanEntry(new VlanId(vid), false, vid == 8)))
                .toList();
        assertThat(VlanRun.line(table)).isEqualTo("1 pvid,untagged; 2-4 tagged; 7 tagged; 8 untagged");
    }

    @Test
    void anEmptyTableIsNoRange() {
        assertThat(VlanRun.of(List.of())).isEmpty();
        assertThat(VlanRun.line(List.of())).isEmpty();
    }

    @Test
    void everyVlanIsOneRange() {
        List<VlanEntry> table = IntStream.rangeClosed(1, 4094)
                .mapToObj(vid -> new VlanEntry(new VlanId(vid), false, false))
                .toList();
        assertThat(VlanRun.line(table)).isEqualTo("1-4094 tagged");
    }
}
