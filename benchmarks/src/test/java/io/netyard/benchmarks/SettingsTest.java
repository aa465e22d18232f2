package io.netyard.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static Settings of(String... arguments) {
        return Settings.of(List.of(arguments), Path.of("/product/netyard"));
    }

    @Test
    void withoutOptionsABenchmarkChooses() {
        Settings settings = of();

        assertThat(settings.names()).isEmpty();
        assertThat(settings.nodesOr(List.of(7))).containsExactly(7);
        assertThat(settings.roundsOr(5)).isEqualTo(5);
    }

    @Test
    void optionsStandAnywhere() {
        Settings settings = of("scale", "--nodes", "10,100", "matrix", "--rounds", "3");

        assertThat(settings.names()).containsExactly("scale", "matrix");
        assertThat(settings.nodesOr(List.of(7))).containsExactly(10, 100);
        assertThat(settings.roundsOr(5)).isEqualTo(3);
    }

    @Test
    void whatCannotBeMeantIsRefused() {
        assertThatThrownBy(() -> of("--nodes")).hasMessage("--nodes takes numbers from 2 to 1000, not ''");
        assertThatThrownBy(() -> of("--nodes", "10,x")).hasMessage("--nodes takes numbers from 2 to 1000, not '10,x'");
        assertThatThrownBy(() -> of("--nodes", "1001")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> of("--rounds", "0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> of("--size", "3")).hasMessage("unknown option --size");
    }
}
