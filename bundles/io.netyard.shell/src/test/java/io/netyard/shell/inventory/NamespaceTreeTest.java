package io.netyard.shell.inventory;

import static io.netyard.api.inventory.NamespaceType.NET;
import static io.netyard.api.inventory.NamespaceType.PID;
import static io.netyard.api.inventory.NamespaceType.USER;
import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.NamespaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NamespaceTreeTest {

    private static final NamespaceId HOST_USER = Samples.HOST.get(USER);
    private static final NamespaceId INNER_USER = Samples.id(USER, 50);

    private static HostNamespace sample(NamespaceId id) {
        HostNamespace like = Samples.mounted(id.type(), 0, "/x");
        return new HostNamespace(
                id,
                like.holdings(),
                like.pids(),
                like.first(),
                like.owner(),
                like.parent(),
                like.userNamespace(),
                "",
                like.container(),
                like.labels());
    }

    private static final HostNamespace USER_OF_HOST = Samples.owned(sample(HOST_USER), null);
    private static final HostNamespace USER_INSIDE = Samples.owned(sample(INNER_USER), HOST_USER);
    private static final HostNamespace PID_OF_HOST = Samples.owned(sample(Samples.HOST.get(PID)), HOST_USER);
    private static final HostNamespace PID_INSIDE =
            Samples.below(Samples.owned(sample(Samples.id(PID, 51)), INNER_USER), PID_OF_HOST.id());
    private static final HostNamespace NET_OF_HOST = Samples.owned(sample(Samples.HOST.get(NET)), HOST_USER);
    private static final HostNamespace NET_INSIDE = Samples.owned(sample(Samples.id(NET, 52)), INNER_USER);

    private static List<String> drawn(Predicate<Entry> wanted, HostNamespace... namespaces) {
        List<String> lines = new ArrayList<>();
        NamespaceTree.draw(
                NamespaceTree.of(Stream.of(namespaces).map(Samples::entry).toList(), Column.usualOrder(), wanted),
                (before, entry) -> lines.add(before + entry.id()));
        return lines;
    }

    @Test
    void userAndPidNamespacesStandBelowTheirParentsOthersBelowTheirOwner() {
        assertThat(drawn(entry -> true, NET_INSIDE, PID_INSIDE, USER_INSIDE, USER_OF_HOST, NET_OF_HOST, PID_OF_HOST))
                .containsExactly(
                        "" + USER_OF_HOST.id(),
                        "├─" + NET_OF_HOST.id(),
                        "├─" + PID_OF_HOST.id(),
                        "│ └─" + PID_INSIDE.id(),
                        "└─" + USER_INSIDE.id(),
                        "  └─" + NET_INSIDE.id());
    }

    @Test
    void whatIsWantedKeepsAllThatItIsBelow() {
        assertThat(drawn(
                        entry -> entry.id().equals(NET_INSIDE.id()),
                        NET_INSIDE,
                        USER_INSIDE,
                        USER_OF_HOST,
                        NET_OF_HOST))
                .containsExactly("" + USER_OF_HOST.id(), "└─" + USER_INSIDE.id(), "  └─" + NET_INSIDE.id());
    }

    @Test
    void withoutWhatItBelongsToANamespaceStandsByItself() {
        assertThat(drawn(entry -> true, NET_INSIDE, PID_INSIDE))
                .containsExactly("" + NET_INSIDE.id(), "" + PID_INSIDE.id());
    }

    @Test
    void aPidNamespaceWhoseParentIsNotThereStandsBelowItsOwner() {
        assertThat(drawn(entry -> true, PID_INSIDE, USER_INSIDE))
                .containsExactly("" + USER_INSIDE.id(), "└─" + PID_INSIDE.id());
    }
}
