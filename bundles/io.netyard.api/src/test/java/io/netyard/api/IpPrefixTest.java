package io.netyard.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {

    /** The rules of RFC 5952, section 4. */
    @ParameterizedTest
    @CsvSource({
        "192.168.5.1/24, 192.168.5.1/24",
        "10.0.0.1, 10.0.0.1/32",
        "fd00:0:0:0:0:0:0:1/64, fd00::1/64",
        "::/0, ::/0",
        "::1, ::1/128",
        "2001:db8:0:0:1:0:0:1/64, 2001:db8::1:0:0:1/64",
        "2001:0db8:0:1:1:1:1:1/64, 2001:db8:0:1:1:1:1:1/64",
        "2001:db8:0:0:0:0:0:0/32, 2001:db8::/32",
        "1:0:0:2:0:0:0:3/64, 1:0:0:2::3/64",
        "FE80::ABCD/10, fe80::abcd/10",
    })
    void isWrittenAsTheFieldWritesIt(String written, String expected) {
        assertThat(IpPrefix.parse(written)).hasToString(expected);
        assertThat(IpPrefix.parse(expected)).isEqualTo(IpPrefix.parse(written));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", "10.0.0.256", "10.0.0.1/33", "fd00::1/129", "10.0.0.1/", "10.0.0.1/-1", "1"})
    void whatIsNone(String text) {
        assertThatThrownBy(() -> IpPrefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void containsByItsNetworkPart() {
        IpPrefix prefix = IpPrefix.parse("192.168.5.1/24");
        assertThat(prefix.contains(IpPrefix.parseAddress("192.168.5.77"))).isTrue();
        assertThat(prefix.contains(IpPrefix.parseAddress("192.168.6.1"))).isFalse();
        assertThat(prefix.contains(IpPrefix.parseAddress("fd00::1"))).isFalse();
        assertThat(IpPrefix.parse("::/0").contains(IpPrefix.parseAddress("fd00::1")))
                .isTrue();
    }
}
