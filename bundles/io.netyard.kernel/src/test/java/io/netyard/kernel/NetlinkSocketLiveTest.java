package io.netyard.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.KernelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each test has a namespace of its own, which lives as long as the socket into it. */
@NeedsRoot
class NetlinkSocketLiveTest {

    // linux/rtnetlink.h, linux/if_link.h
    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_GETADDR = 22;
    private static final int IFINFOMSG = 16;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;

    private static final int EINVAL = 22;

    private NetlinkSocket socket;

    private NetlinkSocket second;

    @BeforeEach
    void openInANewNamespace() {
        NamespaceThread.callInNew("netlink", () -> {
            socket = NetlinkSocket.openHere();
            second = NetlinkSocket.openHere();
            return null;
        });
    }

    @AfterEach
    void close() {
        socket.close();
        second.close();
    }

    @Test
    void aLinkIsMadeReadListedAndRemoved() {
        socket.execute(create("br0"));

        assertThat(name(socket.get(get("br0")))).isEqualTo("br0");
        assertThat(names(socket.dump(all()))).contains("lo", "br0");
        socket.execute(delete("br0"));
        assertThat(names(socket.dump(all()))).doesNotContain("br0");
    }

    @Test
    void aRefusalSaysWhatTheKernelSays() {
        socket.execute(create("br0"));
        byte[] tooSmall = new AttributeWriter(new byte[IFINFOMSG])
                .string(IFLA_IFNAME, "br0")
                .u32(IFLA_MTU, 10)
                .toBytes();

        assertThatThrownBy(() -> socket.execute(new NetlinkRequest(RTM_NEWLINK, 0, tooSmall, "set MTU of", "br0")))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.errno()).isEqualTo(EINVAL))
                .hasMessageContaining("set MTU of br0")
                .hasMessageContaining("mtu less than device minimum");
    }

    @Test
    void aRefusedDumpSaysWhatTheKernelSays() {
        // struct ifaddrmsg; a prefix length is no filter
        byte[] malformed = {2, 5, 0, 0, 0, 0, 0, 0};

        assertThatThrownBy(() -> socket.dump(new NetlinkRequest(RTM_GETADDR, 0, malformed, "list", "addresses")))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("Invalid values in header");
        assertThat(names(socket.dump(all()))).as("still usable").contains("lo");
    }

    @Test
    void whatIsThereAndWhatIsNotCanBeTold() {
        socket.execute(create("br0"));

        assertThatThrownBy(() -> socket.execute(create("br0")))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.isPresent()).isTrue());
        assertThatThrownBy(() -> socket.get(get("br1")))
                .isInstanceOfSatisfying(
                        KernelException.class, e -> assertThat(e.isAbsent()).isTrue());
    }

    @Test
    void aSocketStaysInTheNamespaceWhereItWasOpened() throws Exception {
        socket.execute(create("onlyhere"));

        Set<String> seen = onThreads(1, () -> names(socket.dump(all()))).get(0);

        assertThat(seen).contains("onlyhere");
        try (NetlinkSocket host = NetlinkSocket.openHere()) {
            assertThat(names(host.dump(all()))).doesNotContain("onlyhere");
        }
    }

    @Test
    void threadsShareASocket() throws Exception {
        IntStream.range(0, 4).forEach(i -> socket.execute(create("br" + i)));

        List<Boolean> right = onThreads(4, () -> {
            boolean all = true;
            for (int i = 0; i < 100; i++) {
                String wanted = "br" + i % 4;
                all &= name(socket.get(get(wanted))).equals(wanted);
            }
            return all;
        });

        assertThat(right).containsOnly(true);
    }

    /** The kernel flags such a dump as inconsistent (NLM_F_DUMP_INTR); links that were there all the time must be in it. */
    @Test
    void aDumpIsWholeAlthoughLinksComeAndGo() throws Exception {
        List<String> stable = IntStream.range(0, 60).mapToObj(i -> "st" + i).toList();
        stable.forEach(name -> socket.execute(create(name)));

        ExecutorService changer = Executors.newSingleThreadExecutor();
        try {
            Future<?> changes = changer.submit(() -> {
                for (int i = 0; i < 20; i++) {
                    second.execute(create("comes" + i));
                    second.execute(delete("comes" + i));
                }
            });
            do {
                assertThat(names(socket.dump(all()))).containsAll(stable);
            } while (!changes.isDone());
            changes.get();
        } finally {
            changer.shutdown();
        }
    }

    private static <T> List<T> onThreads(int count, Callable<T> body) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> future : threads.invokeAll(
                    IntStream.range(0, count).mapToObj(i -> body).toList())) {
                results.add(future.get());
            }
            return results;
        } finally {
            threads.shutdown();
        }
    }

    private static NetlinkRequest create(String name) {
        byte[] link = new AttributeWriter(new byte[IFINFOMSG])
                .string(IFLA_IFNAME, name)
                .nested(IFLA_LINKINFO, info -> info.string(IFLA_INFO_KIND, "bridge"))
                .toBytes();
        return new NetlinkRequest(RTM_NEWLINK, NetlinkRequest.CREATE | NetlinkRequest.EXCL, link, "create link", name);
    }

    private static NetlinkRequest delete(String name) {
        return new NetlinkRequest(RTM_DELLINK, 0, byName(name), "delete link", name);
    }

    private static NetlinkRequest get(String name) {
        return new NetlinkRequest(RTM_GETLINK, 0, byName(name), "read link", name);
    }

    private static NetlinkRequest all() {
        return new NetlinkRequest(RTM_GETLINK, 0, new byte[IFINFOMSG], "list", "links");
    }

    private static byte[] byName(String name) {
        return new AttributeWriter(new byte[IFINFOMSG])
                .string(IFLA_IFNAME, name)
                .toBytes();
    }

    private static Set<String> names(List<NetlinkMessage> links) {
        return links.stream().map(NetlinkSocketLiveTest::name).collect(Collectors.toSet());
    }

    private static String name(NetlinkMessage link) {
        return new AttributeReader(link.payload(), IFINFOMSG)
                .string(IFLA_IFNAME)
                .orElseThrow();
    }
}
