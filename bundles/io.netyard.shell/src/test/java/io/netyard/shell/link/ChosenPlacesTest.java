package io.netyard.shell.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.RequestException;
import io.netyard.api.wiring.Cable.End;
import io.netyard.api.wiring.Place;
import org.junit.jupiter.api.Test;

class ChosenPlacesTest {

    private final ChosenPlaces chosen = new ChosenPlaces(Maps.SMALL, meant -> {
        if (meant.equals("4711")) {
            return Maps.WEB.inode();
        }
        throw new RequestException("there is no " + meant);
    });

    @Test
    void aLabAContainerALabelAndWhatElseNamesANamespace() {
        assertThat(chosen.all("demo")).extracting(Place::id).containsExactly(Maps.LAB);
        assertThat(chosen.all("web1")).extracting(Place::id).containsExactly(Maps.WEB);
        assertThat(chosen.all("host")).extracting(Place::id).containsExactly(Maps.HOST);
        assertThat(chosen.all("net:[3]")).extracting(Place::id).containsExactly(Maps.LAB);
        assertThat(chosen.all("4711")).extracting(Place::id).containsExactly(Maps.WEB);
        assertThatThrownBy(() -> chosen.all("nobody")).hasMessage("there is no nobody");
    }

    @Test
    void interfacesByNameAndByIndexOnANodeOrTheHost() {
        assertThat(text("eth0@lxc:web1")).isEqualTo("lxc:web1 eth0");
        assertThat(text("2@4711")).isEqualTo("lxc:web1 eth0");
        assertThat(text("vnet3")).isEqualTo("host vnet3");
        assertThat(text("9")).isEqualTo("host odd\"\\");
    }

    @Test
    void whereThereIsNoneItIsSaidWhereThereIsOne() {
        assertThatThrownBy(() -> chosen.device("eth0"))
                .isInstanceOf(RequestException.class)
                .hasMessage("host has no interface eth0; there is eth0@lxc:web1");
        assertThatThrownBy(() -> chosen.device("eth7@demo/n1"))
                .hasMessage("demo/n1 has no interface eth7; it has eth0.10, mv0");
    }

    private String text(String meant) {
        End end = chosen.device(meant);
        return end.place().label() + " " + end.device().name();
    }
}
