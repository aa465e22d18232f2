package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.container.ContainerRuntime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContainerRecognitionTest {

    private static final long SELF = 100;

    /** Inodes of namespaces; the host's own are 0. */
    private static final long BOX = 1;

    private static final long INNER = 2;

    private static final long NOBODYS = 3;

    private final Host host = new Host();
    private final ContainerRecognition recognition = new ContainerRecognition(host, SELF);

    @BeforeEach
    void aHost() {
        host.process(1, 0, 0, "/sbin/init").process(SELF, 1, 0, "java");
        recognition.addRuntime(new Boxes("box"));
    }

    @Test
    void aControlGroupNamesTheContainerOfAllInIt() {
        host.process(200, 1, 0, "boxd", "web");
        host.inside(201, 200, BOX, 0, 1, "init").cgroups(201, "/", "/box-web");
        host.inside(202, 201, BOX, 0, 2, "sh").cgroups(202, "/", "/box-web/below/it");
        assertThat(label(201)).contains("box:web");
        assertThat(label(202)).contains("box:web");
        assertThat(label(200)).isEmpty();
    }

    @Test
    void withoutControlGroupsTheParentOfTheFirstProcessNamesTheContainer() {
        host.process(200, 1, 0, "boxd", "web");
        host.inside(201, 200, BOX, 0, 1, "init");
        host.inside(202, 201, BOX, 0, 2, "sh");
        assertThat(label(202)).contains("box:web");
    }

    @Test
    void aMonitorKnowsTheNameWhereTheControlGroupHasAnId() {
        host.process(200, 1, 0, "boxd", "web");
        host.inside(201, 200, BOX, 0, 1, "init").cgroups(201, "/box-4711");
        assertThat(label(201)).contains("box:web");
    }

    @Test
    void aProcessPutInsideBelongsToTheContainerOnceThatIsKnown() {
        host.process(200, 1, 0, "boxd", "web");
        host.inside(201, 200, BOX, 0, 1, "init");
        host.process(300, 1, 0, "box-attach", "web");
        host.inside(301, 300, BOX, 0, 7, "sh");
        ContainerRecognition.Look look = recognition.look();
        assertThat(look.label(201)).contains("box:web");
        assertThat(look.label(301)).contains("box:web");
    }

    @Test
    void whatSharesTheHostsMountsIsInNoContainerWhateverItSays() {
        host.process(200, 1, 0, "init").cgroups(200, "/box-web");
        assertThat(label(200)).isEmpty();
    }

    @Test
    void aContainerWithTheHostsPidsIsKnownByItsControlGroup() {
        host.process(200, 1, 0, "boxd", "web");
        host.process(201, 200, BOX, "init").cgroups(201, "/box-web");
        assertThat(label(201)).contains("box:web");
    }

    @Test
    void aMonitorInTheControlGroupIsNotInTheContainer() {
        host.process(200, 1, NOBODYS, "boxd", "web").cgroups(200, "/box-web");
        host.inside(201, 200, BOX, 0, 1, "init").cgroups(201, "/box-web");
        assertThat(label(200)).isEmpty();
        assertThat(label(201)).contains("box:web");
    }

    @Test
    void aContainerInsideAnotherIsNamedAfterIt() {
        recognition.addRuntime(new Boxes("crate"));
        host.process(200, 1, 0, "boxd", "web");
        host.inside(201, 200, BOX, 0, 1, "init").cgroups(201, "/box-web");
        host.inside(202, 201, BOX, 0, 2, "crated", "db").cgroups(202, "/box-web");
        host.inside(203, 202, INNER, 0, 1, 1, "init").cgroups(203, "/box-web/crate-db");
        host.inside(204, 202, INNER, 0, 1, 1, "init").cgroups(204, "/box-web");
        assertThat(label(203)).contains("box:web/crate:db");
        assertThat(label(204)).as("by its monitor alone").contains("box:web/crate:db");
    }

    @Test
    void aProcessInAContainerThatPosesAsAMonitorNamesNoContainerOfTheHost() {
        host.process(200, 1, 0, "boxd", "web");
        host.inside(201, 200, BOX, 0, 1, "init").cgroups(201, "/box-web");
        host.inside(202, 201, BOX, 0, 2, "boxd", "db").cgroups(202, "/box-web/box-db");
        host.inside(203, 202, INNER, 0, 1, 1, "sh").cgroups(203, "/box-web/box-db");
        assertThat(label(203)).contains("box:web/box:db");
    }

    @Test
    void aMonitorInASandboxOfNobodyKnownCountsForNothing() {
        host.process(200, 1, 0, "unshare", "--pid", "--mount");
        host.inside(201, 200, NOBODYS, 0, 1, "boxd", "db");
        host.inside(202, 201, INNER, 0, 1, 1, "sh");
        assertThat(label(201)).isEmpty();
        assertThat(label(202)).isEmpty();
    }

    @Test
    void aSandboxInsideAContainerIsPartOfTheContainer() {
        host.process(200, 1, 0, "boxd", "web");
        host.inside(201, 200, BOX, 0, 1, "init");
        host.inside(202, 201, INNER, 0, 1, 1, "browser");
        assertThat(label(202)).contains("box:web");
    }

    @Test
    void whatAUserRunsCarriesTheUsersNumber() {
        host.process(200, 1, 0, "boxd", "db").uid(200, 1000);
        host.inside(201, 200, BOX, 0, 1, "sh");
        host.process(300, 1, NOBODYS, "x")
                .cgroups(300, "/user.slice/user-1000.slice/user@1000.service/app.slice/box-mail");
        assertThat(label(201)).contains("box:db@1000");
        assertThat(label(300)).contains("box:mail@1000");
    }

    @Test
    void theUserOfTheApplianceNeedsNoNumber() {
        host.uid(SELF, 1000).process(200, 1, 0, "boxd", "db").uid(200, 1000);
        host.inside(201, 200, BOX, 0, 1, "sh");
        assertThat(label(201)).contains("box:db");
    }

    @Test
    void aMonitorThatIsNotTheParentOfAFirstProcessCountsForNothing() {
        host.process(200, 1, 0, "boxd", "db");
        host.process(201, 200, NOBODYS, "sh");
        assertThat(label(201)).isEmpty();
    }

    @Test
    void theApplianceMayRunInAContainerItself() {
        host.cgroups(SELF, "/box-home");
        host.process(200, 1, 0, "boxd", "web").cgroups(200, "/box-home");
        host.inside(201, 200, BOX, 0, 1, "init").cgroups(201, "/box-home/box-web");
        assertThat(label(201)).contains("box:web");
    }

    @Test
    void namesArePrintableAndNoPaths() {
        host.process(200, 1, 0, "boxd", "evil\u001b[2J");
        host.inside(201, 200, BOX, 0, 1, "init");
        host.process(300, 1, 0, "boxd", "web/box:db");
        host.inside(301, 300, INNER, 0, 1, "init");
        assertThat(label(201)).contains("box:evil\uFFFD[2J");
        assertThat(label(301)).isEmpty();
    }

    @Test
    void aRuntimeThatFailsOrHasNoProperNameHarmsNobody() {
        recognition.addRuntime(new Boxes("a-broken-one") {
            @Override
            public Optional<String> ofCgroup(List<String> path) {
                throw new IllegalStateException("broken");
            }
        });
        recognition.addRuntime(new Boxes("Not A Word"));
        host.process(201, 1, BOX, "init").cgroups(201, "/box-web");
        assertThat(label(201)).contains("box:web");
        assertThat(recognition.runtimes()).containsOnlyKeys("a-broken-one", "box");
    }

    @Test
    void aCircleOfParentsEnds() {
        host.process(200, 201, BOX, "a").process(201, 200, BOX, "b");
        assertThat(label(200)).isEmpty();
    }

    @Test
    void theStatusOfAProcessIsReadWhateverItsName() {
        String status = "Name:\tUid:\\t0 (x) PPid:\nUmask:\t0022\nPid:\t412\nPPid:\t400\nUid:\t1000\t1001\t1000\t1000\n"
                + "NStgid:\t412\t1\nNSpid:\t412\t1\n";
        assertThat(ProcFacts.parseStatus(status)).contains(new ProcessFacts.Status(400, 1001, 2, 1));
        assertThat(ProcFacts.parseStatus("")).isEmpty();
    }

    private Optional<String> label(long pid) {
        return recognition.look().label(pid);
    }

    /** A runtime whose control groups are called RUNTIME-NAME, and whose monitors {@code RUNTIMEd NAME}. */
    private static class Boxes implements ContainerRuntime {

        private final String name;

        Boxes(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String description() {
            return "for tests";
        }

        @Override
        public Optional<String> ofCgroup(List<String> path) {
            return Optional.of(path.get(path.size() - 1))
                    .filter(last -> last.startsWith(name + "-"))
                    .map(last -> last.substring(name.length() + 1));
        }

        @Override
        public Optional<String> ofMonitor(List<String> command) {
            return command.get(0).equals(name + "d") ? Optional.of(command.get(1)) : Optional.empty();
        }
    }

    private static final class Host implements ProcessFacts {

        private record Facts(Status status, long mounts, List<String> command) {}

        private final Map<Long, Facts> processes = new HashMap<>();
        private final Map<Long, List<String>> cgroups = new HashMap<>();

        /** In the host's pid namespace, as root. */
        Host process(long pid, long parent, long mounts, String... command) {
            processes.put(pid, new Facts(new Status(parent, 0, 1, pid), mounts, List.of(command)));
            return this;
        }

        /** In a pid namespace one below the host's; pid and mount namespaces have the same number. */
        Host inside(long pid, long parent, long namespace, long uid, long pidInside, String... command) {
            return inside(pid, parent, namespace, uid, pidInside, 0, command);
        }

        Host inside(long pid, long parent, long namespace, long uid, long pidInside, int further, String... command) {
            processes.put(pid, new Facts(new Status(parent, uid, 2 + further, pidInside), namespace, List.of(command)));
            return this;
        }

        Host uid(long pid, long uid) {
            Facts old = processes.get(pid);
            Status status = old.status();
            processes.put(
                    pid,
                    new Facts(
                            new Status(status.parent(), uid, status.depth(), status.pidInside()),
                            old.mounts(),
                            old.command()));
            return this;
        }

        Host cgroups(long pid, String... paths) {
            cgroups.put(pid, List.of(paths));
            return this;
        }

        @Override
        public Optional<Status> status(long pid) {
            return Optional.ofNullable(processes.get(pid)).map(Facts::status);
        }

        @Override
        public OptionalLong mountNamespace(long pid) {
            return processes.containsKey(pid)
                    ? OptionalLong.of(processes.get(pid).mounts())
                    : OptionalLong.empty();
        }

        @Override
        public OptionalLong pidNamespace(long pid) {
            return status(pid)
                    .map(status -> OptionalLong.of(
                            status.depth() == 1 ? 0 : mountNamespace(pid).orElseThrow()))
                    .orElse(OptionalLong.empty());
        }

        @Override
        public List<String> cgroups(long pid) {
            return cgroups.getOrDefault(pid, List.of("/"));
        }

        @Override
        public List<String> command(long pid) {
            return Optional.ofNullable(processes.get(pid)).map(Facts::command).orElse(List.of());
        }
    }
}
