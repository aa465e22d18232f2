package io.netyard.shell.inventory;

import static io.netyard.api.inventory.NamespaceType.NET;
import static io.netyard.api.inventory.NamespaceType.UTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.RequestException;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.NamespaceType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ColumnTest {

    private final Entry one = Samples.entry(Samples.of(NET, 21, Samples.process(9, "root", "zsh")));
    private final Entry two = Samples.entry(Samples.of(NET, 20, Samples.process(100, "ann", "bash"), 101L));
    private final Entry none = Samples.entry(Samples.mounted(NET, 22, "/run/netns/x"));

    private List<Entry> sorted(String word) {
        return List.of(none, two, one).stream().sorted(Column.order(word)).toList();
    }

    @Test
    void columnsAreReadInTheOrderWritten() {
        assertThat(Column.parse("command,held-by,PID")).containsExactly(Column.COMMAND, Column.HELD_BY, Column.PID);
        assertThat(Column.parse("pid,pid")).containsExactly(Column.PID);
    }

    @Test
    void anUnknownColumnIsAnsweredByThoseThatThereAre() {
        assertThatThrownBy(() -> Column.parse("pid,colour\u001b[31m"))
                .isInstanceOf(RequestException.class)
                .hasMessageStartingWith("no column 'colour\uFFFD[31m': there are name, inode, type, nprocs, pid,");
        assertThatThrownBy(() -> Column.parse("pid,")).hasMessageStartingWith("no column ''");
        assertThatThrownBy(() -> Column.order("--pid")).hasMessageStartingWith("no column '-pid'");
    }

    @Test
    void numbersAreSortedBySizeAndEmptyCellsComeLastBothWays() {
        assertThat(sorted("pid")).containsExactly(one, two, none);
        assertThat(sorted("-pid")).containsExactly(two, one, none);
        assertThat(sorted("inode")).containsExactly(two, one, none);
        assertThat(sorted("nprocs")).containsExactly(none, one, two);
        assertThat(sorted("command")).containsExactly(two, one, none);
        assertThat(sorted("-user")).containsExactly(one, two, none);
    }

    @Test
    void usuallyTheHostComesFirstThenWhatHasANameThenTheOthersByInode() {
        Entry host = Samples.entry(Samples.of(NET, NET.ordinal(), Samples.process(1, "root", "init")));
        Entry named = Samples.entry(
                Samples.called(Samples.of(NET, 99, Samples.process(5, "root", "netyard")), null, "exp03/netns1"));
        Entry uts = Samples.entry(Samples.of(UTS, UTS.ordinal(), Samples.process(1, "root", "init")));
        assertThat(List.of(uts, one, two, named, host).stream().sorted(Column.usualOrder()))
                .containsExactly(host, named, two, one, uts);
    }

    @Test
    void whatNetyardHasNoNameForIsCalledByWhereItIsMounted() {
        assertThat(Column.NAME.cell(none)).isEqualTo(Optional.of("/run/netns/x"));
        assertThat(Column.NAME.cell(one)).isEmpty();
    }

    @Test
    void theTypeIsShownWhenThereAreSeveral() {
        assertThat(Column.usual(false)).doesNotContain(Column.TYPE);
        assertThat(Column.usual(true)).contains(Column.TYPE);
    }

    @Test
    void aContainerIsFlaggedIfItsRootIsTheHosts() {
        HostNamespace namespace = Samples.called(Samples.of(NET, 30, Samples.process(7, "root", "sh")), "lxc:web1");
        assertThat(Column.CONTAINER.cell(Samples.entry(namespace))).isEqualTo(Optional.of("lxc:web1 (privileged)"));
        HostNamespace mapped = Samples.owned(namespace, Samples.id(NamespaceType.USER, 40));
        assertThat(Column.CONTAINER.cell(Samples.entry(mapped))).isEqualTo(Optional.of("lxc:web1"));
        assertThat(Samples.entry(mapped).isPrivileged()).isFalse();
        assertThat(one.sharesUser()).isTrue();
        assertThat(one.isPrivileged()).isFalse();
    }
}
