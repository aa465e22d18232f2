package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.container.Container;
import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.Netns.Origin;
import io.netyard.api.netns.Way.Member;
import io.netyard.netns.NameSearch.Found;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameSearchTest {

    private final Netns alone = netns("blue", null, 1);
    private final Netns web = netns("web", "demo", 2);
    private final Netns webToo = netns("web", "other", 3);
    private final Netns unique = netns("db", "demo", 4);
    private final List<Netns> known = List.of(alone, web, webToo, unique);

    private List<Netns> nodes = known;
    private List<Container> containers = List.of();
    private List<HostNamespace> hostnames = List.of();

    @Test
    void aNodeByItsNameOrWithItsLab() {
        assertThat(find("blue")).isEqualTo(new Found.Node(alone));
        assertThat(find("db")).isEqualTo(new Found.Node(unique));
        assertThat(find("demo/web")).isEqualTo(new Found.Node(web));
        assertThat(find("other/web")).isEqualTo(new Found.Node(webToo));
    }

    @Test
    void aNameInTwoLabsIsAmbiguous() {
        assertThatThrownBy(() -> find("web"))
                .isInstanceOf(RequestException.class)
                .hasMessage("'web' is ambiguous: it may be demo/web net:[2] or other/web net:[3]");
    }

    /** Made by hand: its name is its whole label, and no other way is left to say which one is meant. */
    @Test
    void aNodeWithoutLabIsMeantRatherThanOneInALab() {
        Netns byHand = netns("web", null, 5);
        nodes = List.of(web, webToo, byHand);

        assertThat(find("web")).isEqualTo(new Found.Node(byHand));
    }

    /** Somebody else's process may carry the same marker: then only the inodes tell them apart. */
    @Test
    void equalLabelsAreToldApartByTheirInodes() {
        nodes = List.of(alone, netns("blue", null, 9));

        assertThatThrownBy(() -> find("blue"))
                .hasMessage("'blue' is ambiguous: it may be blue net:[1] or blue net:[9]");
    }

    @Test
    void aContainerByItsLabelOrItsName() {
        containers = List.of(container("lxc", "web1", 700, 7), container("docker", "cache", 800, 8));

        assertThat(find("lxc:web1")).isEqualTo(new Found.Process("lxc:web1", new Member(700, 7)));
        assertThat(find("cache")).isEqualTo(new Found.Process("docker:cache", new Member(800, 8)));
    }

    @Test
    void aContainersNameWithTwoRuntimesIsAmbiguousAndItsLabelIsNot() {
        containers = List.of(container("lxc", "web1", 700, 7), container("docker", "web1", 800, 8));

        assertThatThrownBy(() -> find("web1"))
                .isInstanceOf(RequestException.class)
                .hasMessage("'web1' is ambiguous: it may be lxc:web1 (pid 700) or docker:web1 (pid 800)");
        assertThat(find("docker:web1")).isEqualTo(new Found.Process("docker:web1", new Member(800, 8)));
    }

    @Test
    void aHostName() {
        hostnames = List.of(uts(41, "mail", 900), uts(42, "other", 901));

        assertThat(find("mail")).isEqualTo(new Found.Process("mail", new Member(900, 9)));
    }

    @Test
    void aHostNameThatTwoHaveIsAmbiguous() {
        hostnames = List.of(uts(41, "mail", 900), uts(42, "mail", 901));

        assertThatThrownBy(() -> find("mail"))
                .hasMessage("'mail' is ambiguous: it may be uts:[41] (pid 900, init) or uts:[42] (pid 901, init)");
    }

    /** Whoever runs a container chooses its host name, and anybody can name a process's: neither may become the node. */
    @Test
    void whatOthersHaveChosenComesAfterWhatNetyardKnows() {
        containers = List.of(
                container("lxc", "blue", 700, 7), container("lxc", "db", 701, 7), container("lxc", "cache", 702, 7));
        hostnames = List.of(
                uts(41, "blue", 900),
                uts(42, "db", 901),
                uts(43, "demo/web", 902),
                uts(44, "cache", 903),
                uts(45, "lxc:cache", 904));

        assertThat(find("blue")).isEqualTo(new Found.Node(alone));
        assertThat(find("db")).isEqualTo(new Found.Node(unique));
        assertThat(find("demo/web")).isEqualTo(new Found.Node(web));
        assertThat(find("cache")).isEqualTo(new Found.Process("lxc:cache", new Member(702, 7)));
        assertThat(find("lxc:cache")).isEqualTo(new Found.Process("lxc:cache", new Member(702, 7)));
    }

    /** A node's name that is ambiguous is not decided by a container of that name. */
    @Test
    void nothingFurtherDownDecidesWhatIsAmbiguous() {
        containers = List.of(container("lxc", "web", 700, 7));

        assertThatThrownBy(() -> find("web")).hasMessageContaining("demo/web").hasMessageNotContaining("lxc");
    }

    @Test
    void aUtsNamespaceWithoutAProcessOrANameIsNobody() {
        hostnames = List.of(uts(41, "mail", 0), uts(42, "", 901));

        assertThatThrownBy(() -> find("mail")).isInstanceOf(RequestException.class);
        assertThatThrownBy(() -> find("")).isInstanceOf(RequestException.class);
    }

    @Test
    void aSlipOfTheFingerGetsAHint() {
        assertThatThrownBy(() -> find("bleu"))
                .isInstanceOf(RequestException.class)
                .hasMessage(
                        "no node, container or host name 'bleu' (there is host, blue, demo/web, other/web, demo/db)");
        assertThatThrownBy(() -> find("blu")).hasMessageContaining("'blu', did you mean 'blue'?");
        assertThatThrownBy(() -> find("demo/wbe1")).hasMessageContaining("did you mean 'demo/web'?");
    }

    @Test
    void withoutAnyNamespaceTheOtherWaysAreNamed() {
        nodes = List.of();

        assertThatThrownBy(() -> find("x"))
                .hasMessageEndingWith(
                        "'x': there is 'host'; what has no name is found by a pid, net:[INODE] or a path");
    }

    @Test
    void aLongListIsCutShort() {
        nodes = IntStream.range(0, 40).mapToObj(i -> netns("n" + i, "lab", i)).toList();

        assertThatThrownBy(() -> find("something-else")).hasMessageEndingWith("lab/n11, 28 more)");
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() {
        assertThatThrownBy(() -> find("\u001b[2J")).hasMessageNotContaining("\u001b");
    }

    @ParameterizedTest
    @CsvSource({"'', '', 0", "'', abc, 3", "abc, '', 3", "abc, abc, 0", "abc, ABC, 0", "kitten, sitting, 3"})
    void distance(String one, String other, int expected) {
        assertThat(NameSearch.distance(one, other)).isEqualTo(expected);
    }

    /** Whoever rules a container says what runs in there, and can call it like one out here. */
    @Test
    void aContainerInsideAnotherIsCalledByItsWholeLabel() {
        Container inner = new Container(Optional.of("lxc:web1"), "docker", "db1", 900, 9);
        containers = List.of(inner, container("lxc", "db1", 700, 7));

        assertThat(find("db1")).isEqualTo(new Found.Process("lxc:db1", new Member(700, 7)));
        assertThat(find("lxc:web1/docker:db1")).isEqualTo(new Found.Process("lxc:web1/docker:db1", new Member(900, 9)));
        assertThat(NameSearch.container("db1", List.of(inner))).isEmpty();
        assertThat(NameSearch.container("docker:db1", List.of(inner))).isEmpty();
        assertThat(NameSearch.container("lxc:web1/docker:db1", List.of(inner))).contains(inner);
    }

    private static Container container(String runtime, String name, long pid, long startTime) {
        return new Container(Optional.empty(), runtime, name, pid, startTime);
    }

    private Found find(String meant) {
        return new NameSearch(() -> nodes, () -> containers, () -> hostnames).find(meant);
    }

    /** @param pid of its first process; 0 if it has none */
    private static HostNamespace uts(long inode, String hostname, long pid) {
        return new HostNamespace(
                new NamespaceId(NamespaceType.UTS, inode),
                List.of(new Holding(Holding.Kind.PROCESS, OptionalLong.of(pid), "/proc/" + pid + "/ns/uts")),
                pid == 0 ? List.of() : List.of(pid),
                Optional.of(pid)
                        .filter(first -> first != 0)
                        .map(first -> new HostProcess(first, 1, 9, 0, "root", "init")),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                hostname,
                Optional.empty(),
                Set.of());
    }

    private static Netns netns(String name, String lab, long inode) {
        return new Netns(
                new NetnsRef(inode, Path.of("/proc/1/ns/net"), Optional.empty()),
                Origin.OWN,
                Optional.of(name),
                Optional.ofNullable(lab),
                Optional.of("process"),
                OptionalLong.empty(),
                0,
                name,
                "");
    }
}
