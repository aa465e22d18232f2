package io.netyard.api.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "default via 192.168.5.254",
                "default via 192.168.5.254 dev veth11 metric 50 src 192.168.5.1",
                "default dev veth11",
                "default via fe80::1 dev veth11",
                "::/0 dev veth11",
                "default dev veth11 src fd00::1",
                "192.168.6.0/24 dev veth99.20",
                "192.168.6.9/32 dev veth99.20",
                "blackhole 10.0.0.0/8",
                "blackhole default",
                "unreachable ::/0",
                "prohibit fd00::/8 metric 4294967295",
                "10.10.0.0/16 via inet6 fe80::1 dev veth11",
                "default via inet6 fe80::1 dev veth11",
                "fd99::/64 via fd00::77",
            })
    void textIsReadAndWrittenTheSame(String text) {
        Route route = Route.parse(text);

        assertThat(route).hasToString(text);
        assertThat(Route.parse(route.toString())).isEqualTo(route);
    }

    @ParameterizedTest
    @CsvSource({
        "unicast 10.0.0.0/8 dev x, 10.0.0.0/8 dev x",
        "192.168.6.9 dev x, 192.168.6.9/32 dev x",
        "0.0.0.0/0 via 192.168.5.254, default via 192.168.5.254",
        "::/0 via fd00::1, default via fd00::1",
        "10.0.0.0/8  metric 7   dev x, 10.0.0.0/8 dev x metric 7",
        "fd00::/8 dev x metric 1024, fd00::/8 dev x",
    })
    void otherSpellings(String text, String written) {
        assertThat(Route.parse(text)).hasToString(written);
    }

    @Test
    void parts() {
        assertThat(Route.parse("10.9.0.0/16 via 192.168.5.77 dev veth11 metric 50 src 192.168.5.1"))
                .isEqualTo(new Route(
                        Route.Kind.UNICAST,
                        IpPrefix.parse("10.9.0.0/16"),
                        Optional.of(IpPrefix.parseAddress("192.168.5.77")),
                        Optional.of(new InterfaceName("veth11")),
                        OptionalLong.of(50),
                        Optional.of(IpPrefix.parseAddress("192.168.5.1"))));
    }

    @ParameterizedTest
    @CsvSource({
        "'', a route is missing",
        "blackhole, names no destination",
        "10.0.0.0/8, needs a gateway (via) or an interface (dev)",
        "10.0.0.1/8 dev x, 'has host bits, write 10.0.0.0/8'",
        "10.0.0.0/8 via fd00::1 metric, 'metric' in",
        "fd00::/8 via 10.0.0.1, mixes IPv4 and IPv6",
        "10.0.0.0/8 dev x src fd00::1, mixes IPv4 and IPv6",
        "blackhole 10.0.0.0/8 dev x, leads nowhere",
        "10.0.0.0/8 dev x metric 0, a metric is 1 to 4294967295",
        "10.0.0.0/8 dev x metric -1, is not a number",
        "10.0.0.0/8 dev x dev y, stands twice",
        "10.0.0.0/8 dev x proto static, 'proto' in",
        "10.0.0.0/8 via example.org, is not an address",
        "10.0.0.0/8 via inet6, needs",
        "throw 10.0.0.0/8, is not an address",
    })
    void nonsenseIsRefusedInWords(String text, String words) {
        assertThatThrownBy(() -> Route.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource({
        "default via 192.168.5.254, default via 192.168.5.254 dev veth11, true",
        "default via 192.168.5.254, default via 192.168.5.254 dev veth11 src 192.168.5.1, true",
        "default via 192.168.5.254 dev x, default via 192.168.5.254 dev veth11, false",
        "default via 192.168.5.254, default via 192.168.5.253 dev veth11, false",
        "default via 192.168.5.254, default via 192.168.5.254 dev veth11 metric 50, false",
        "192.168.6.0/24 dev x, 192.168.6.0/24 via 192.168.5.254 dev x, false",
        "blackhole 10.0.0.0/8, prohibit 10.0.0.0/8, false",
    })
    void whatIsLeftToTheKernelMayBeAnything(String wanted, String found, boolean met) {
        assertThat(Route.parse(wanted).isMetBy(Route.parse(found))).isEqualTo(met);
    }
}
