package io.netyard.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.NetnsRef;
import io.netyard.kernel.route.InterfaceState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CardRecordTest {

    private static final CardRecord RECORD = new CardRecord(
            new InterfaceName("eth0"),
            7,
            new NetnsRef(4_026_532_000L, Path.of("/proc/77/ns/net"), Optional.of(Path.of("/proc/77/ns/uts"))),
            new InterfaceName("vethn"),
            "exp10",
            true,
            Optional.of(new Mtu(1400)),
            Optional.of(MacAddress.parse("02:00:00:00:00:01")),
            "two\nlines and a \\n",
            new InterfaceState(List.of("0218", "0a40"), List.of("0200")));

    private static final CardRecord BARE = new CardRecord(
            new InterfaceName("tun0"),
            8,
            new NetnsRef(4_026_532_000L, Path.of("/run/netyard/pin/-/a b/net"), Optional.empty()),
            new InterfaceName("tun0"),
            "-",
            false,
            Optional.empty(),
            Optional.empty(),
            "",
            new InterfaceState(List.of(), List.of()));

    @Test
    void whatIsWrittenIsRead() {
        assertThat(CardRecord.parse(RECORD.text())).isEqualTo(RECORD);
        assertThat(CardRecord.parse(BARE.text())).isEqualTo(BARE);
    }

    @Test
    void aTornRecordIsRefused() {
        assertThatThrownBy(() -> CardRecord.parse(RECORD.text().substring(0, 30)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> CardRecord.parse("")).isInstanceOf(IllegalArgumentException.class);
    }

    /** Killed while writing: the file beside is nobody's record, and goes with the next one. */
    @Test
    void theDirectoryIsThereOnlyWhileItHoldsSomething(@TempDir Path run) throws Exception {
        CardRecords records = new CardRecords(run.resolve("netyard/cards"));
        assertThat(records.all()).isEmpty();

        records.write(RECORD);
        records.write(BARE);
        Files.writeString(records.directory().resolve("eth0.being-written-by-netyard"), "na");

        assertThat(records.all()).containsExactly(RECORD, BARE);
        assertThat(records.read(new InterfaceName("eth0"))).contains(RECORD);
        records.delete(new InterfaceName("eth0"));
        assertThat(records.read(new InterfaceName("eth0"))).isEmpty();
        records.delete(new InterfaceName("tun0"));
        assertThat(run).isEmptyDirectory();
    }
}
