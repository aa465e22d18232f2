package io.netyard.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.IpPrefix;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetsTest {

    @ParameterizedTest
    @CsvSource({
        // same subnet
        "192.168.5.1/24,            192.168.5.2/24,                       192.168.5.2",
        // not the first address, but the one in a shared subnet
        "192.168.6.4/24,            192.168.5.9/24 192.168.6.9/24,        192.168.6.9",
        // experiment 7: whole addresses with routes of their own
        "192.168.5.9/32,            192.168.5.1/24,                       192.168.5.1",
        "192.168.5.1/24,            192.168.6.9/32 192.168.5.9/32,        192.168.5.9",
        // no subnet in common: by a router, if at all
        "192.168.5.1/24,            198.51.100.10/24 198.51.100.11/24,    198.51.100.10",
        // families
        "192.168.5.1/24,            fd00::2/64 192.168.7.2/24,            192.168.7.2",
        "fd00::1/64,                192.168.5.2/24 fd00::2/64,            fd00:0:0:0:0:0:0:2",
        "192.168.5.1/24 fd00::1/64, fd00::2/64,                           fd00:0:0:0:0:0:0:2",
        // nothing to ask
        "192.168.5.1/24,            fd00::2/64,                           none",
        "192.168.5.1/24,            '',                                   none",
        "'',                        192.168.5.1/24,                       none",
        // link-local IPv6 is everywhere
        "fe80::1/64,                fe80::2/64,                           none",
    })
    void choice(String source, String target, String chosen) {
        assertThat(Targets.choose(prefixes(source), prefixes(target))
                        .map(address -> address.getHostAddress())
                        .orElse("none"))
                .isEqualTo(chosen);
    }

    private static List<IpPrefix> prefixes(String text) {
        return Arrays.stream(text.split(" "))
                .filter(each -> !each.isEmpty())
                .map(IpPrefix::parse)
                .toList();
    }
}
