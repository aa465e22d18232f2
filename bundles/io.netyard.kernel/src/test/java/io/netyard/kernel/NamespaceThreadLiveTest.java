package io.netyard.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

@NeedsRoot
class NamespaceThreadLiveTest {

    private static final Path HOST_NET = Path.of("/proc/self/ns/net");

    /** Shows the host name of whoever reads it. */
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    @Test
    void aNewNamespaceHasAHostNameOfItsOwn() throws Exception {
        String before = Files.readString(HOST_NAME);

        String inside = NamespaceThread.callInNew("red", () -> {
            assertThat(NamespaceThread.current().inode()).isNotEqualTo(NamespaceThread.inode(HOST_NET));
            return Files.readString(HOST_NAME).strip();
        });

        assertThat(inside).isEqualTo("red");
        assertThat(Files.readString(HOST_NAME)).isEqualTo(before);
    }

    @Test
    void aReferenceLeadsIntoBothNamespaces() {
        NamespaceThread.callInNew("green", () -> {
            NetnsRef green = NamespaceThread.current();

            String seen = NamespaceThread.call(
                    green,
                    () -> NamespaceThread.current().inode() + " "
                            + Files.readString(HOST_NAME).strip());

            assertThat(seen).isEqualTo(green.inode() + " green");
            return null;
        });
    }

    @Test
    void aPathThatLeadsElsewhereIsRefused() {
        NetnsRef reused = new NetnsRef(1, HOST_NET, Optional.empty());

        assertThatThrownBy(() -> NamespaceThread.call(reused, () -> null))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("does not lead to net:[1] any more");
    }

    @Test
    void aNamespaceThatIsGoneIsCalledThat() {
        Path gone = Path.of("/proc/2147483647/ns/net");
        NetnsRef ref = new NetnsRef(1, gone, Optional.of(gone.resolveSibling("uts")));

        assertThatThrownBy(() -> NamespaceThread.call(ref, () -> null))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("is gone");
    }

    @Test
    void whatTheBodyThrowsComesThroughAsItIs() {
        IllegalStateException thrown = new IllegalStateException("from inside");

        assertThatThrownBy(() -> NamespaceThread.callInNew("red", () -> {
                    throw thrown;
                }))
                .isSameAs(thrown);
    }

    @Test
    void anInterruptedCallerWaitsForTheBodyAndStaysInterrupted() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            NamespaceThread.callInNew("red", () -> {
                inside.countDown();
                leave.await();
                return null;
            });
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        inside.await();

        caller.interrupt();
        caller.join(100);
        assertThat(caller.isAlive()).isTrue();
        leave.countDown();
        caller.join();

        assertThat(interrupted).isTrue();
    }

    /** A thread that starts another one gives it its namespaces: a long-lived one would hold them for ever. */
    @Test
    void noLongLivedThreadStaysInsideTheNamespaceThatFirstNeededIt() throws Exception {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ThreadsAtHome.class.getName())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("strangers: []");
    }
}
