package io.netyard.netns;

import static io.netyard.api.inventory.NamespaceType.MNT;
import static io.netyard.api.inventory.NamespaceType.NET;
import static io.netyard.api.inventory.NamespaceType.USER;
import static io.netyard.api.inventory.NamespaceType.UTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.Inventory;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.Way;
import io.netyard.api.netns.Way.Member;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceSearchTest {

    private static final long PID = 700;
    private static final long STARTED = 9;

    /** A file of nsfs that every test has. */
    private static final Path OWN_UTS = Path.of("/proc/self/ns/uts");

    private static final NamespaceId OWN =
            new NamespaceId(UTS, NamespacePath.of(OWN_UTS).inode());

    private static final Map<NamespaceType, NamespaceId> HOST = of(NET, 4_026_531_840L, USER, 4_026_531_837L);
    private static final Map<NamespaceType, NamespaceId> WEB = of(NET, 4_026_532_001L, UTS, 4_026_532_002L);

    private long startedNow = STARTED;
    private final NamespaceSearch search = new NamespaceSearch(new Fixed(), namespaces());

    /** The host; a process with two namespaces of its own. */
    private final class Fixed implements Inventory {

        @Override
        public Look look(Set<NamespaceType> types) {
            return new Look(
                    Stream.of(HOST.values().stream(), WEB.values().stream(), Stream.of(OWN))
                            .flatMap(ids -> ids)
                            .filter(id -> types.contains(id.type()))
                            .map(NamespaceSearchTest::namespace)
                            .toList(),
                    HOST,
                    0);
        }

        @Override
        public List<HostProcess> processes(NamespaceId id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<HostProcess> process(long pid) {
            return Optional.of(pid)
                    .filter(there -> there == PID)
                    .map(there -> new HostProcess(there, 1, startedNow, 0, "root", "web"));
        }

        @Override
        public Map<NamespaceType, NamespaceId> namespacesOf(long pid) {
            if (pid != PID) {
                throw new RequestException("no process " + pid);
            }
            return WEB;
        }

        @Override
        public Map<NamespaceType, NamespaceId> namespacesOf(String meant) {
            throw new UnsupportedOperationException();
        }

        @Override
        public NamespaceId find(String meant, Optional<NamespaceType> type) {
            throw new UnsupportedOperationException();
        }
    }

    /** {@code web} has a process; {@code pinned} has none, and the test's own UTS namespace. */
    private static Namespaces namespaces() {
        NetnsRef web = new NetnsRef(WEB.get(NET).inode(), Path.of("/proc/700/ns/net"), Optional.empty());
        NetnsRef pinned = new NetnsRef(4_026_532_003L, Path.of("/run/pinned/net"), Optional.of(OWN_UTS));
        return (Namespaces) Proxy.newProxyInstance(
                Namespaces.class.getClassLoader(), new Class<?>[] {Namespaces.class}, (proxy, method, arguments) -> {
                    String meant = (String) arguments[0];
                    NetnsRef ref =
                            switch (meant) {
                                case "web", "4026532002" -> web;
                                case "pinned" -> pinned;
                                default ->
                                    throw new RequestException("no node, container or host name '" + meant + "'");
                            };
                    Optional<Member> member =
                            ref.equals(web) ? Optional.of(new Member(PID, STARTED)) : Optional.empty();
                    return switch (method.getName()) {
                        case "resolve" -> netns(ref);
                        case "way" -> {
                            assertThat(arguments[1]).as("of all types").isEqualTo(Set.of(NamespaceType.values()));
                            yield new Way(meant, ref, member, Way.DEFAULT);
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }

    @Test
    void aPidANameAndTheHostStandForOneOfTheirsAndNetIfNoneIsSaid() {
        for (String meant : List.of("700", "web")) {
            assertThat(find(meant)).as(meant).isEqualTo(WEB.get(NET));
            assertThat(find(meant, NET)).as(meant).isEqualTo(WEB.get(NET));
            assertThat(find(meant, UTS)).as(meant).isEqualTo(WEB.get(UTS));
        }
        assertThat(find("host")).isEqualTo(HOST.get(NET));
        assertThat(find("host", USER)).isEqualTo(HOST.get(USER));
    }

    @Test
    void anInodeALinkAndAFileSayTheTypeThemselves() {
        assertThat(find("4026532002")).isEqualTo(WEB.get(UTS));
        assertThat(find("uts:[4026532002]")).isEqualTo(WEB.get(UTS));
        assertThat(find(OWN_UTS.toString())).isEqualTo(OWN);
        assertThat(find(OWN_UTS.toString(), UTS)).isEqualTo(OWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"4026532002", "uts:[4026532002]", "/proc/self/ns/uts"})
    void whatIsOfAnotherTypeIsRefused(String meant) {
        assertThatThrownBy(() -> find(meant, NET))
                .isInstanceOf(RequestException.class)
                .hasMessageMatching("uts:\\[\\d+] is not of type net");
    }

    @ParameterizedTest
    @ValueSource(strings = {"700", "web", "host"})
    void aTypeThatIsNotThereIsSaid(String meant) {
        assertThatThrownBy(() -> find(meant, MNT))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("has no mnt namespace");
    }

    @Test
    void aNodeWithoutAProcessHasItsNetworkAndUtsNamespace() {
        assertThat(find("pinned")).isEqualTo(new NamespaceId(NET, 4_026_532_003L));
        assertThat(find("pinned", UTS)).isEqualTo(OWN);
        assertThatThrownBy(() -> find("pinned", USER))
                .hasMessage("pinned has no process, so no user namespace goes with it");
        assertThatThrownBy(() -> search.namespacesOf("pinned"))
                .isInstanceOf(RequestException.class)
                .hasMessageStartingWith("pinned has no process");
    }

    @Test
    void allNamespacesOfWhateverHasAProcess() {
        for (String meant : List.of("700", "web", "4026532002")) {
            assertThat(search.namespacesOf(meant)).as(meant).isEqualTo(WEB);
        }
        assertThat(search.namespacesOf("host")).isEqualTo(HOST);
        assertThatThrownBy(() -> search.namespacesOf("701")).hasMessage("no process 701");
    }

    /** Between finding the name and looking, its process ends and another one gets its pid. */
    @Test
    void anotherProcessOfThatPidIsNotTakenForIt() {
        startedNow = STARTED + 1;

        assertThatThrownBy(() -> find("web", UTS)).hasMessage("process 700 has just ended");
        assertThatThrownBy(() -> search.namespacesOf("web")).hasMessage("process 700 has just ended");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ghost", "4026599999", "/etc/passwd", "/no/such/file", "/a\u0000b", "/no/\u001b[2J"})
    void whatIsNotThereIsSaidInOneLine(String meant) {
        assertThatThrownBy(() -> find(meant))
                .isInstanceOf(RequestException.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n", "\u001b"));
    }

    private NamespaceId find(String meant) {
        return search.find(meant, Optional.empty());
    }

    private NamespaceId find(String meant, NamespaceType type) {
        return search.find(meant, Optional.of(type));
    }

    private static Map<NamespaceType, NamespaceId> of(
            NamespaceType one, long inode, NamespaceType other, long otherInode) {
        return Map.of(one, new NamespaceId(one, inode), other, new NamespaceId(other, otherInode));
    }

    private static HostNamespace namespace(NamespaceId id) {
        return new HostNamespace(
                id,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                Optional.empty(),
                Set.of());
    }

    private static Netns netns(NetnsRef ref) {
        return new Netns(
                ref,
                Netns.Origin.FOREIGN,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                0,
                "",
                "");
    }
}
