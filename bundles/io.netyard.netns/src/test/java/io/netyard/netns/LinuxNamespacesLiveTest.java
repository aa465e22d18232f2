package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.netns.NamespaceHolder;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.Netns.Origin;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.kernel.NamespaceThread;
import io.netyard.testing.Eventually;
import io.netyard.testing.LiveKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@LiveKernel
@Timeout(180)
class LinuxNamespacesLiveTest {

    private static final String LAB = LiveNamespaces.LAB;

    @TempDir
    Path temporary;

    private LiveNamespaces live;
    private LinuxNamespaces namespaces;

    @BeforeEach
    void namespaces() {
        live = new LiveNamespaces(temporary);
        namespaces = live.service;
    }

    @AfterEach
    void destroyAll() {
        live.close();
        assertThat(temporary).isEmptyDirectory();
    }

    // Create

    @ParameterizedTest
    @ValueSource(strings = {"process", "pin", "named"})
    void aNamespaceIsThereWithItsNameAndItsLoopback(String holder) throws Exception {
        Netns made = namespaces.create(LiveNamespaces.spec("web", holder));

        assertThat(made.origin()).isEqualTo(Origin.OWN);
        assertThat(made.label()).isEqualTo(LAB + "/web");
        assertThat(made.holder()).contains(holder);
        assertThat(made.hostname()).isEqualTo("web");
        Netns seen = one(live.own());
        assertThat(seen.ref()).isEqualTo(made.ref());
        assertThat(seen.hostname()).isEqualTo("web");
        assertThat(one(live.another().known().stream()
                                .filter(netns -> netns.lab().equals(Optional.of(LAB)))
                                .toList())
                        .ref())
                .isEqualTo(made.ref());
        assertThat(Foreign.run("nsenter", "--net=" + made.ref().net(), "ip", "addr", "show"))
                .contains("lo: <LOOPBACK,UP,LOWER_UP>", "127.0.0.1/8", "::1/128");

        namespaces.destroy(made);

        assertThat(live.own()).isEmpty();
        assertThat(namespaces.list()).extracting(Netns::label).doesNotContain(LAB + "/web");
        assertThat(namespaces.label(made.ref())).isEqualTo(made.ref().toString());
    }

    @Test
    void aNameIsTakenOncePerLab() {
        Netns first = live.create("web");

        for (String holder : List.of("process", "pin", "named")) {
            assertThatThrownBy(() -> namespaces.create(LiveNamespaces.spec("web", holder)))
                    .isInstanceOf(RequestException.class)
                    .hasMessage("there is a namespace '%s/web' already", LAB);
        }

        assertThat(one(live.own()).ref()).isEqualTo(first.ref());
    }

    @Test
    void ofSeveralAtOnceOneGetsTheName() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Netns>> attempts = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                attempts.add(threads.submit(() -> live.create("web")));
            }
            int made = 0;
            for (Future<Netns> attempt : attempts) {
                try {
                    attempt.get();
                    made++;
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(RequestException.class);
                }
            }
            assertThat(made).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
        assertThat(live.own()).hasSize(1);
    }

    @Test
    void aHolderThatNobodyKnowsIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> namespaces.create(LiveNamespaces.spec("web", "thread")))
                .isInstanceOf(RequestException.class)
                .hasMessage("no namespace holder 'thread': there is named, pin, process");
        assertThat(namespaces.holders()).containsOnlyKeys("named", "pin", "process");
    }

    @Test
    void hostIsNoNameForANode() {
        assertThatThrownBy(() -> namespaces.create(new NetnsSpec("host", Optional.empty(), "process")))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("'host' means the appliance's own namespace");
    }

    @Test
    void aHolderThatFailsLeavesNothingAndItsWordsComeThrough() {
        namespaces.addHolder(new NamespaceHolder() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public String description() {
                return "cannot hold";
            }

            @Override
            public NetnsRef hold(NetnsSpec spec) {
                throw new RequestException("no room");
            }

            @Override
            public List<Held> held() {
                return List.of();
            }

            @Override
            public void release(Held held) {}
        });

        assertThatThrownBy(() -> namespaces.create(LiveNamespaces.spec("web", "broken")))
                .isInstanceOf(RequestException.class)
                .hasMessage("no room");

        assertThat(live.own()).isEmpty();
        live.create("web");
    }

    /** Hot swap: what a holder holds is foreign while it is away, and its own again when it comes back. */
    @Test
    void aHolderMayGoAndComeBack() {
        ProcessHolder process = new ProcessHolder();
        LinuxNamespaces service = new LinuxNamespaces(live.state());
        service.addHolder(process);
        Netns made = service.create(LiveNamespaces.spec("web", "process"));

        service.removeHolder(process);
        assertThat(service.holders()).isEmpty();
        assertThat(withInode(service.list(), made.ref()).origin()).isEqualTo(Origin.FOREIGN);
        assertThatThrownBy(() -> service.destroy(made)).isInstanceOf(RequestException.class);

        service.addHolder(process);
        assertThat(withInode(service.list(), made.ref()).origin()).isEqualTo(Origin.OWN);
        service.destroy(made);
    }

    // List

    @Test
    void theListHasHostOwnAttachedAndForeignInThisOrder() throws Exception {
        try (Foreign attached = new Foreign();
                Foreign foreign = new Foreign()) {
            live.create("web");
            Netns name = namespaces.attach("c1", attached.pid());

            List<Netns> list = namespaces.list();

            assertThat(list.get(0).origin()).isEqualTo(Origin.HOST);
            assertThat(list.get(0).label()).isEqualTo("host");
            assertThat(list.get(0).ref().inode()).isEqualTo(namespaces.host().inode());
            assertThat(list).extracting(Netns::origin).isSorted();
            Netns own = list.stream()
                    .filter(netns -> netns.label().equals(LAB + "/web"))
                    .findFirst()
                    .orElseThrow();
            assertThat(own.processes()).isEqualTo(1);
            assertThat(own.command()).isEqualTo("netyard:" + LAB + "/web infinity");
            Netns other = withInode(list, foreign.inode());
            assertThat(other.origin()).isEqualTo(Origin.FOREIGN);
            assertThat(other.pid()).hasValue(foreign.pid());
            assertThat(other.command()).isEqualTo("sleep 300");
            assertThat(other.processes()).isEqualTo(1);
            assertThat(withInode(list, attached.inode()).name()).contains("c1");
            namespaces.detach(name);
        }
    }

    @Test
    void theListShowsTheHostNameThatIsThereNow() throws Exception {
        Netns web = live.create("web");

        assertThat(in(web, "hostname renamed")).isEmpty();

        assertThat(withInode(namespaces.list(), web.ref()).hostname()).isEqualTo("renamed");
        assertThat(namespaces.resolve("web").hostname()).isEqualTo("renamed");
        assertThat(one(live.own()).label()).isEqualTo(LAB + "/web");
    }

    @Test
    void processesInsideAreCounted() throws Exception {
        Netns web = live.create("web");
        try (NetnsProcess process = live.shell(web, "sleep 300 & sleep 300 & echo ready; wait")) {
            assertThat(process.output().read()).isEqualTo('r');

            Netns seen = withInode(namespaces.list(), web.ref());

            assertThat(seen.processes()).isEqualTo(4);
            assertThat(namespaces.resolve(LAB + "/web")).isEqualTo(seen);
            assertThat(seen.pid()).isEqualTo(web.pid());
        }
    }

    @Test
    void theHolderKilledFromOutsideTakesTheNamespaceAlong() throws Exception {
        Netns web = live.create("web");
        assertThat(Foreign.run("kill", "-9", Long.toString(web.pid().orElseThrow())))
                .isEmpty();

        Eventually.holds("not listed any more", () -> live.own().isEmpty());

        assertThatThrownBy(() -> namespaces.resolve(LAB + "/web")).isInstanceOf(RequestException.class);
        assertThatThrownBy(() -> live.shell(web, "true"))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("gone");
        namespaces.destroy(web);
        live.create("web");
    }

    // Resolve

    @Test
    void aNamespaceIsFoundByAllThatUsersKnowOfIt() throws Exception {
        Netns process = live.create("web");
        Netns pinned = namespaces.create(LiveNamespaces.spec("db", "pin"));
        String pid = Long.toString(process.pid().orElseThrow());

        for (String meant : List.of(LAB + "/web", pid, process.ref().toString(), "/proc/" + pid + "/ns/net")) {
            assertThat(namespaces.resolve(meant).label()).as(meant).isEqualTo(LAB + "/web");
        }
        for (String meant : List.of(
                LAB + "/db", "db", pinned.ref().toString(), pinned.ref().net().toString())) {
            assertThat(namespaces.resolve(meant).label()).as(meant).isEqualTo(LAB + "/db");
        }
        for (String meant : List.of(
                "host",
                Long.toString(ProcessHandle.current().pid()),
                namespaces.host().toString(),
                "/proc/self/ns/net")) {
            assertThat(namespaces.resolve(meant).origin()).as(meant).isEqualTo(Origin.HOST);
        }
        assertThat(namespaces.label(process.ref())).isEqualTo(LAB + "/web");
        assertThat(namespaces.label(namespaces.host())).isEqualTo("host");
    }

    @Test
    void aForeignOneIsFoundByPidInodeAndPath() throws Exception {
        try (Foreign foreign = new Foreign()) {
            for (String meant : List.of(
                    Long.toString(foreign.pid()),
                    "net:[" + foreign.inode() + "]",
                    "/proc/" + foreign.pid() + "/ns/net",
                    "/proc/" + foreign.pid() + "/task/" + foreign.pid() + "/ns/net")) {
                Netns found = namespaces.resolve(meant);
                assertThat(found.origin()).as(meant).isEqualTo(Origin.FOREIGN);
                assertThat(found.ref().inode()).isEqualTo(foreign.inode());
            }
        }
    }

    @Test
    void aNameInTwoLabsIsAmbiguous() {
        Netns here = live.create("web");
        Netns there = namespaces.create(new NetnsSpec("web", Optional.of(LAB + "-2"), "process"));
        try {
            assertThatThrownBy(() -> namespaces.resolve("web"))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("ambiguous")
                    .hasMessageContaining(here.label())
                    .hasMessageContaining(there.label());
            assertThat(namespaces.resolve(there.label()).ref()).isEqualTo(there.ref());
        } finally {
            namespaces.destroy(there);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-such-node",
                "no-such-lab/node",
                "999999999",
                "net:[1]",
                "net:[]",
                "/no/such/file",
                "/proc/self/ns/uts",
                "/etc/passwd",
                "/proc/999999999/ns/net",
                "",
                "/\u0000",
            })
    void whatIsNotThereIsSaid(String meant) {
        assertThatThrownBy(() -> namespaces.resolve(meant)).isInstanceOf(RequestException.class);
    }

    // Attach, detach

    @Test
    void attachingAndDetachingLeavesAForeignNamespaceAsItWas() throws Exception {
        try (Foreign foreign = new Foreign()) {
            String before = state(foreign);

            Netns attached = namespaces.attach("c1", foreign.pid());

            assertThat(attached.origin()).isEqualTo(Origin.ATTACHED);
            assertThat(attached.ref().inode()).isEqualTo(foreign.inode());
            assertThat(namespaces.resolve("c1").ref()).isEqualTo(attached.ref());
            assertThat(live.another().resolve("c1").ref()).isEqualTo(attached.ref());
            assertThat(namespaces.label(attached.ref())).isEqualTo("c1");
            assertThatThrownBy(() -> namespaces.destroy(attached))
                    .isInstanceOf(RequestException.class)
                    .hasMessage("c1 was not made by Netyard, so it is not destroyed: detach it instead");
            assertThatThrownBy(() -> namespaces.attach("c2", foreign.pid()))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("attached as 'c1'");
            try (NetnsProcess process = live.shell(attached, "readlink /proc/self/ns/net")) {
                assertThat(LiveNamespaces.text(process.output())).isEqualTo("net:[" + foreign.inode() + "]\n");
            }

            namespaces.detach(attached);

            assertThat(namespaces.resolve(Long.toString(foreign.pid())).origin())
                    .isEqualTo(Origin.FOREIGN);
            assertThatThrownBy(() -> namespaces.detach(attached))
                    .isInstanceOf(RequestException.class)
                    .hasMessage("c1 is not attached");
            assertThat(foreign.isAlive()).isTrue();
            assertThat(state(foreign)).isEqualTo(before);
        }
    }

    @Test
    void whatMayNotBeAttachedIsSaid() throws Exception {
        Netns web = live.create("web");
        try (Foreign foreign = new Foreign()) {
            assertThatThrownBy(() ->
                            namespaces.attach("c1", ProcessHandle.current().pid()))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("is in the host's own namespace");
            assertThatThrownBy(() -> namespaces.attach("c1", web.pid().orElseThrow()))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("which Netyard has made");
            assertThatThrownBy(() -> namespaces.attach("c1", Integer.MAX_VALUE))
                    .isInstanceOf(RequestException.class)
                    .hasMessage("no process " + Integer.MAX_VALUE);
            for (String name : List.of("host", "a/b", "", "4711", "x".repeat(64))) {
                assertThatThrownBy(() -> namespaces.attach(name, foreign.pid()))
                        .as(name)
                        .isInstanceOf(RequestException.class);
            }
            assertThatThrownBy(() -> namespaces.detach(web)).isInstanceOf(RequestException.class);
        }
    }

    @Test
    void anAttachedNameEndsWithItsProcess() throws Exception {
        Netns attached;
        try (Foreign foreign = new Foreign()) {
            attached = namespaces.attach("c1", foreign.pid());
        }

        assertThat(namespaces.known()).extracting(Netns::label).doesNotContain("c1");
        assertThatThrownBy(() -> namespaces.detach(attached)).isInstanceOf(RequestException.class);
        try (Foreign next = new Foreign()) {
            namespaces.detach(namespaces.attach("c1", next.pid()));
        }
    }

    // Destroy

    @Test
    void destroyEndsTheProgramsThatWereStartedInside() throws Exception {
        Netns web = live.create("web");
        // In the background, in a session of its own, and stubborn.
        try (NetnsProcess shell = live.shell(
                web, "trap '' HUP TERM; setsid sleep 301 </dev/null >/dev/null 2>&1 & sleep 302 & echo ready; wait")) {
            assertThat(shell.output().read()).isEqualTo('r');
            Eventually.holds("setsid has started sleep", () -> insideOf(web).size() == 4);

            namespaces.destroy(web);

            assertThat(insideOf(web)).isEmpty();
            assertThat(shell.waitFor(Eventually.LIMIT)).hasValue(128 + 9);
        }
        assertThat(live.own()).isEmpty();
    }

    /** Nobody has told us that they may be ended. */
    @Test
    void destroyLeavesForeignProcessesInsideAlone() throws Exception {
        Netns web = live.create("web");
        try (Foreign guest = new Foreign("nsenter", "--net=" + web.ref().net(), "sleep", "300")) {
            namespaces.destroy(web);

            assertThat(guest.isAlive()).isTrue();
            assertThat(live.own()).isEmpty();
            assertThat(withInode(namespaces.list(), web.ref()).origin()).isEqualTo(Origin.FOREIGN);
        }
    }

    @Test
    void destroyRefusesWhatNetyardHasNotMade() throws Exception {
        try (Foreign foreign = new Foreign()) {
            Netns found = namespaces.resolve(Long.toString(foreign.pid()));

            assertThatThrownBy(() -> namespaces.destroy(found))
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("was not made by Netyard");
            assertThatThrownBy(() -> namespaces.destroy(namespaces.resolve("host")))
                    .isInstanceOf(RequestException.class);
            assertThat(foreign.isAlive()).isTrue();
        }
    }

    @Test
    void destroyingTwiceIsFine() {
        Netns web = live.create("web");

        namespaces.destroy(web);
        namespaces.destroy(web);

        assertThat(live.own()).isEmpty();
    }

    /** Left to itself the kernel takes them away some time later, and making them anew at once fails. */
    @Test
    void otherEndsOfVethPairsAreGoneWhenDestroyReturns() throws Exception {
        Netns b = live.create("b");
        for (String holder : List.of("process", "pin", "named")) {
            for (int round = 0; round < 3; round++) {
                Netns a = namespaces.create(LiveNamespaces.spec("a", holder));
                assertThat(in(
                                a,
                                "ip link add v0 type veth peer name v1 netns "
                                        + b.pid().orElseThrow()))
                        .isEmpty();
                assertThat(in(a, "ip link add x0 type veth peer name x1")).isEmpty();
                assertThat(in(b, "ip link show v1")).contains("v1@if");

                namespaces.destroy(a);

                assertThat(in(b, "ip -o link show")).doesNotContain("v1");
            }
        }
    }

    private String in(Netns where, String command) throws Exception {
        try (NetnsProcess process = live.shell(where, command + " 2>&1")) {
            return LiveNamespaces.text(process.output());
        }
    }

    private static List<Long> insideOf(Netns netns) {
        return Processes.pids().stream()
                .filter(pid -> Processes.netInode(pid)
                        .equals(OptionalLong.of(netns.ref().inode())))
                .toList();
    }

    /** What can be seen of a namespace from outside. */
    private static String state(Foreign foreign) throws Exception {
        String pid = Long.toString(foreign.pid());
        return Foreign.run("nsenter", "-t", pid, "-n", "ip", "-d", "addr", "show")
                + Foreign.run("nsenter", "-t", pid, "-u", "hostname")
                + Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net"))
                + Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/uts"));
    }

    private static Netns withInode(List<Netns> list, NetnsRef ref) {
        return withInode(list, ref.inode());
    }

    private static Netns withInode(List<Netns> list, long inode) {
        return one(list.stream().filter(netns -> netns.ref().inode() == inode).toList());
    }

    private static Netns one(List<Netns> list) {
        assertThat(list).hasSize(1);
        return list.get(0);
    }

    @Test
    void theHostIsTheNamespaceOfTheAppliance() {
        assertThat(namespaces.host().inode()).isEqualTo(NamespaceThread.inode(Path.of("/proc/self/ns/net")));
    }
}
