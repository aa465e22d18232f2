package io.netyard.shell.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.InterfaceName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DevicePlaceTest {

    @ParameterizedTest
    @CsvSource({
        "netns1:veth11,        netns1,           veth11",
        "exp01/netns1:veth11,  exp01/netns1,     veth11",
        "4711:eth0,            4711,             eth0",
        "net:[4026531840]:lo,  net:[4026531840], lo",
        "/run/netns/a:b:veth0, /run/netns/a:b,   veth0",
    })
    void theLastColonSeparates(String text, String node, String device) {
        assertThat(DevicePlace.parse(text)).isEqualTo(new DevicePlace(node, new InterfaceName(device)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "veth11", ":veth11", "netns1:", "netns1:a/b"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> DevicePlace.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theMessageSaysWhatToWrite() {
        assertThatThrownBy(() -> DevicePlace.parse("veth11")).hasMessageContaining("NODE:IFACE");
    }
}
