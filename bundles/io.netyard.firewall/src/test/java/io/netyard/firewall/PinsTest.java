package io.netyard.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.firewall.Layer;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PinsTest {

    @Test
    void aLayersOwnPinComesBeforeThatForAll() {
        Pins pins = Pins.parse(Map.of("backend", "nftables", "backend.link", "ebtables", "backend.nat", " "));

        assertThat(pins.of(Layer.LINK)).contains("ebtables");
        assertThat(pins.of(Layer.NETWORK)).contains("nftables");
        assertThat(pins.of(Layer.NAT)).contains("nftables");
        assertThat(pins.with(Optional.of(Layer.LINK), Optional.empty()).of(Layer.LINK))
                .contains("nftables");
        assertThat(pins.with(Optional.empty(), Optional.empty()).of(Layer.NAT)).isEmpty();
    }

    @Test
    void aNameOrWhatStandsBeforeItsHyphenIsMeant() {
        assertThat(Pins.means("iptables", "iptables-nft")).isTrue();
        assertThat(Pins.means("iptables-nft", "iptables-nft")).isTrue();
        assertThat(Pins.means("ip", "iptables-nft")).isFalse();
        assertThat(Pins.means("iptables-legacy", "iptables-nft")).isFalse();
    }
}
