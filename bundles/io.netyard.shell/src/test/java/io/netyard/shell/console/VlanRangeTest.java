package io.netyard.shell.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.VlanId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VlanRangeTest {

    @Test
    void oneVidOrARange() {
        assertThat(VlanRange.parse("10")).isEqualTo(new VlanRange(new VlanId(10), new VlanId(10)));
        assertThat(VlanRange.parse("1-4094")).isEqualTo(new VlanRange(new VlanId(1), new VlanId(4094)));
        assertThat(VlanRange.parse("7-9")).hasToString("7-9");
        assertThat(VlanRange.parse("7-7")).hasToString("7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "10-", "-10", "x", "0", "4095", "20-10", "1-2-3", "99999", "1,2"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> VlanRange.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
