package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.NetnsRef;
import io.netyard.api.netns.NamespaceHolder;
import io.netyard.api.netns.NamespaceHolder.Held;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.kernel.NamespaceDescriptor;
import io.netyard.kernel.NamespaceThread;
import io.netyard.testing.LiveKernel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every holder of namespaces has to keep, whatever it holds them by. */
@LiveKernel
@Timeout(180)
abstract class NamespaceHolderContract {

    /** So that the holders of somebody else's appliance on this host are not taken for the test's. */
    static final String LAB = "contract-" + ProcessHandle.current().pid();

    @TempDir
    Path temporary;

    /** A new one each time: as in a JVM that has just started. */
    abstract NamespaceHolder holder();

    StateDirectory state() {
        return new StateDirectory(temporary.resolve("netyard"));
    }

    Path names() {
        return temporary.resolve("netns");
    }

    @AfterEach
    void releaseAll() {
        held().forEach(holder()::release);
    }

    @Test
    void itHoldsWhatIsLeadsTo() throws Exception {
        NetnsSpec spec = spec("web");

        NetnsRef ref = hold(holder(), spec);

        Held held = only(held());
        assertThat(held.spec()).isEqualTo(spec);
        assertThat(held.ref()).isEqualTo(ref);
        assertThat(NamespaceThread.call(ref, () -> NamespaceThread.current().inode()))
                .isEqualTo(ref.inode());
        assertThat(NamespaceThread.call(ref, () -> Files.readString(Path.of("/proc/sys/kernel/hostname"))))
                .isEqualTo("web\n");
        assertThat(Files.readString(Path.of("/proc/sys/kernel/hostname"))).isNotEqualTo("web\n");
        assertThat(ref.inode()).isNotEqualTo(NamespaceThread.inode(Path.of("/proc/self/ns/net")));
    }

    @Test
    void itOutlivesTheJvmThatMadeIt() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HoldAndHalt.class.getName(),
                        holder().name(),
                        state().root().toString(),
                        names().toString(),
                        LAB)
                .redirectErrorStream(true)
                .start();
        String said = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor()).as(said).isEqualTo(HoldAndHalt.DONE);

        Held held = only(held());

        assertThat(held.spec()).isEqualTo(spec("outlives"));
        assertThat(said).contains(held.ref().toString());
        assertThat(NamespaceThread.call(
                        held.ref(), () -> NamespaceThread.current().inode()))
                .isEqualTo(held.ref().inode());
        holder().release(held);
        assertThat(held()).isEmpty();
        assertNoTrace(held);
    }

    @Test
    void releaseLeavesNoTrace() throws Exception {
        hold(holder(), spec("web"));
        Held held = only(held());

        holder().release(held);

        assertThat(held()).isEmpty();
        assertNoTrace(held);
    }

    @Test
    void releaseIsIdempotent() throws Exception {
        NamespaceHolder holder = holder();
        hold(holder, spec("web"));
        Held held = only(held());

        holder.release(held);
        holder.release(held);
        holder().release(held);

        assertNoTrace(held);
    }

    /** Somebody who still knows an earlier namespace of that name must not end this one. */
    @Test
    void aLaterNamespaceOfThatNameIsNotReleasedInsteadOfTheOneMeant() throws Exception {
        hold(holder(), spec("web"));
        Held earlier = only(held());
        // Open, so that the kernel does not give the same inode number to the later one.
        try (NamespaceDescriptor open = NamespaceDescriptor.open(earlier.ref())) {
            holder().release(earlier);
            NetnsRef later = hold(holder(), spec("web"));

            holder().release(earlier);

            assertThat(only(held()).ref()).isEqualTo(later);
            assertThat(open.number()).isPositive();
        }
    }

    @Test
    void labsDoNotGetInEachOthersWay() {
        NetnsSpec here = spec("web");
        NetnsSpec there = new NetnsSpec("web", Optional.of(LAB + "-2"), holder().name());
        NetnsRef first = hold(holder(), here);
        NetnsRef second = hold(holder(), there);
        assertThat(first.inode()).isNotEqualTo(second.inode());

        holder().held().stream().filter(held -> held.spec().equals(here)).forEach(holder()::release);

        List<Held> left = holder().held().stream()
                .filter(held -> held.spec().equals(there))
                .toList();
        assertThat(left).extracting(Held::ref).containsExactly(second);
        left.forEach(holder()::release);
    }

    @Test
    void aNodeMayHaveNoLab() throws Exception {
        NetnsSpec spec = new NetnsSpec("hand-" + LAB, Optional.empty(), holder().name());

        hold(holder(), spec);

        Held held = only(holder().held().stream()
                .filter(candidate -> candidate.spec().equals(spec))
                .toList());
        holder().release(held);
        assertNoTrace(held);
    }

    @Test
    void severalThreadsMayHoldAndReleaseAtOnce() throws Exception {
        NamespaceHolder holder = holder();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<NetnsRef>> made = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                NetnsSpec spec = spec("n" + i);
                made.add(threads.submit(() -> hold(holder, spec)));
            }
            List<Long> inodes = new ArrayList<>();
            for (Future<NetnsRef> ref : made) {
                inodes.add(ref.get().inode());
            }
            List<Held> held = held();
            assertThat(held)
                    .extracting(one -> one.ref().inode())
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(inodes);

            List<Future<?>> released = new ArrayList<>();
            held.forEach(one -> released.add(threads.submit(() -> holder.release(one))));
            for (Future<?> one : released) {
                one.get();
            }
            for (Held one : held) {
                assertNoTrace(one);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    NetnsSpec spec(String node) {
        return new NetnsSpec(node, Optional.of(LAB), holder().name());
    }

    static NetnsRef hold(NamespaceHolder holder, NetnsSpec spec) {
        return NamespaceThread.callInNew(spec.name(), () -> holder.hold(spec));
    }

    /** Those of this test, as a holder sees them that has just started. */
    List<Held> held() {
        return holder().held().stream()
                .filter(held -> held.spec().lab().equals(Optional.of(LAB)))
                .toList();
    }

    static Held only(List<Held> held) {
        assertThat(held).hasSize(1);
        return held.get(0);
    }

    /** Neither process, nor mount, nor file: at once, not after a while. */
    void assertNoTrace(Held held) throws Exception {
        if (held.pid() > 0) {
            assertThat(Processes.netInode(held.pid())).isEmpty();
        }
        assertThat(NamespaceMount.all())
                .noneMatch(mount -> mount.type().equals("net")
                        && mount.inode() == held.ref().inode());
        if (held.pid() == 0) {
            assertThat(held.ref().net()).doesNotExist();
        }
        if (held().isEmpty()) {
            assertThat(temporary).isEmptyDirectory();
            assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(temporary.toString());
        }
    }
}
