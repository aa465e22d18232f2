package io.netyard.shell.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.wiring.Cable.End;
import io.netyard.api.wiring.Place;
import org.junit.jupiter.api.Test;

class WiringTextTest {

    private final WiringText text = new WiringText(Maps.SMALL);

    @Test
    void whichOneOfTheHostAContainersInterfaceIs() {
        assertThat(sentence(Maps.WEB, 2))
                .isEqualTo("eth0#2 in lxc:web1 leads to vnet3#7 in host, a port of bridge br0#4 (VLANs"
                        + " 10 pvid,untagged; 20 tagged); on it stands eth0.10#5 in demo/n1 (vlan 10)");
    }

    @Test
    void theOtherWayRound() {
        assertThat(sentence(Maps.HOST, 7))
                .isEqualTo("vnet3#7 in host, a port of bridge br0#4 (VLANs 10 pvid,untagged; 20 tagged), leads to"
                        + " eth0#2 in lxc:web1");
    }

    @Test
    void whatStandsOnAnotherIsFollowedToTheEndOfTheCable() {
        assertThat(sentence(Maps.LAB, 6))
                .isEqualTo("mv0#6 in demo/n1 is a macvlan (mode bridge) on eth0.10#5 in demo/n1,"
                        + " which is VLAN 10 on eth0#2 in lxc:web1, which leads to vnet3#7 in host,"
                        + " a port of bridge br0#4 (VLANs 10 pvid,untagged; 20 tagged)");
    }

    @Test
    void intoTheUnknownAndNowhere() {
        assertThat(sentence(Maps.HOST, 9)).isEqualTo("odd\"\\#9 in host leads to #3 in an unknown namespace, nsid 6");
        assertThat(sentence(Maps.HOST, 1)).isEqualTo("lo#1 in host leads to no other interface");
        assertThat(sentence(Maps.HOST, 4))
                .isEqualTo("br0#4 in host leads to no other interface; its ports are vnet3#7");
    }

    private String sentence(NamespaceId where, int index) {
        Place place = Maps.SMALL.place(where).orElseThrow();
        return text.sentence(new End(place, place.byIndex(index).orElseThrow()));
    }
}
