package io.netyard.shell.inventory;

import static io.netyard.api.inventory.NamespaceType.NET;
import static io.netyard.api.inventory.NamespaceType.UTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.RequestException;
import io.netyard.api.inventory.HostProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class FiltersTest {

    private final HostProcess shell = Samples.process(10, "root", "sh -c sleep 1d");
    private final HostProcess sleep = Samples.process(11, "ann", "sleep 1d");
    private final Entry entry = Samples.entry(Samples.of(NET, 20, shell, 11L, 12L));
    private final List<Long> looked = new ArrayList<>();

    private Optional<HostProcess> look(long pid) {
        looked.add(pid);
        return Optional.ofNullable(Map.of(10L, shell, 11L, sleep).get(pid));
    }

    private boolean any(Predicate<HostProcess> such) {
        return Filters.anyProcess(such, this::look).test(entry);
    }

    @Test
    void anyProcessOfTheNamespaceWillDoAndNoMoreAreLookedAtThanNeeded() {
        assertThat(any(Filters.user("root"))).isTrue();
        assertThat(looked).isEmpty();
        assertThat(any(Filters.user("ann"))).isTrue();
        assertThat(looked).containsExactly(11L);
    }

    @Test
    void aProcessThatHasEndedMeanwhileMatchesNothing() {
        assertThat(any(Filters.command("nothing like that"))).isFalse();
        assertThat(looked).containsExactly(11L, 12L);
    }

    @Test
    void userAndCommandMustBeThoseOfOneProcess() {
        assertThat(any(Filters.user("ann").and(Filters.command("^sleep")))).isTrue();
        assertThat(any(Filters.user("root").and(Filters.command("^sleep")))).isFalse();
    }

    @Test
    void usersAreKnownByNameAndNumber() {
        assertThat(any(Filters.user("1000"))).isTrue();
        assertThat(any(Filters.user("0"))).isTrue();
        assertThat(any(Filters.user("00"))).isFalse();
    }

    @Test
    void aBadExpressionIsOneLineThatSaysWhere() {
        assertThatThrownBy(() -> Filters.command("a\n(b"))
                .isInstanceOf(RequestException.class)
                .hasMessage("'a\uFFFD(b' is no regular expression: Unclosed group at character 5");
    }

    @Test
    void idsAreInodesOrHaveTheirType() {
        String inode = Long.toString(entry.id().inode());
        assertThat(Filters.id(inode).test(entry)).isTrue();
        assertThat(Filters.id("net:[" + inode + "]").test(entry)).isTrue();
        assertThat(Filters.id("uts:[" + inode + "]").test(entry)).isFalse();
        assertThat(Filters.id("1").test(entry)).isFalse();
        assertThatThrownBy(() -> Filters.id("eth0"))
                .hasMessage("'eth0' is no namespace: write its inode, or type:[inode] as in net:[4026531840]");
    }

    @Test
    void typesAreReadAndBadOnesAnsweredByThoseThatThereAre() {
        assertThat(NamespaceTypes.parse("uts,net")).containsExactly(NET, UTS);
        assertThat(NamespaceTypes.parse("all")).hasSize(8);
        for (String bad : List.of("", "net,", "netz", "NET", "all,net")) {
            assertThatThrownBy(() -> NamespaceTypes.parse(bad))
                    .isInstanceOf(RequestException.class)
                    .hasMessageEndingWith(": there are cgroup, ipc, mnt, net, pid, time, user, uts, or all");
        }
    }
}
