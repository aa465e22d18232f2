package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.netns.NetnsSpec;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessHolderTest {

    @Test
    void aCommandLineSaysWhatIsHeld() {
        NetnsSpec inLab = new NetnsSpec("web", Optional.of("demo"), "process");
        NetnsSpec byHand = new NetnsSpec("web", Optional.empty(), "process");

        assertThat(ProcessHolder.marker(inLab)).isEqualTo("netyard:demo/web");
        assertThat(ProcessHolder.marker(byHand)).isEqualTo("netyard:-/web");
        assertThat(ProcessHolder.spec("netyard:demo/web\0infinity\0")).contains(inLab);
        assertThat(ProcessHolder.spec("netyard:-/web\0infinity\0")).contains(byHand);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "netyard:",
                "netyard:demo",
                "netyard:demo/web",
                "netyard:demo/web\0",
                "netyard:demo/web\0infinity",
                "netyard:demo/web\0infinity\0more\0",
                "netyard:demo\0/web\0infinity\0",
                "netyard:demo/web/x\0infinity\0",
                "netyard:/web\0infinity\0",
                "netyard:demo/\0infinity\0",
                "netyard:demo/4711\0infinity\0",
                "netyard:-/-\0infinity\0",
                "sleep\0infinity\0",
                "vi\0netyard:demo/web\0",
            })
    void othersHoldNothing(String arguments) {
        assertThat(ProcessHolder.spec(arguments)).isEmpty();
    }
}
