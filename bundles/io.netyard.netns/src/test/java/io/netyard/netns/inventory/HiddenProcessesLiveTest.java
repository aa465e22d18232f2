package io.netyard.netns.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.RequestException;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.Inventory.Look;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.kernel.Mounts;
import io.netyard.kernel.libc.LibC;
import io.netyard.testing.LiveKernel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an ordinary user sees, where /proc hides the processes of others (hidepid, proc(5)) and where it does not. */
@LiveKernel
@Timeout(60)
class HiddenProcessesLiveTest {

    private static final int NOBODY = 65534;

    private static final boolean AMD64 = "amd64".equals(System.getProperty("os.arch"));

    // asm/unistd_64.h; aarch64 and the other newer ABIs have those of asm-generic/unistd.h
    private static final long SETRESUID = AMD64 ? 117 : 147;
    private static final long SETRESGID = AMD64 ? 119 : 149;
    private static final long SETGROUPS = AMD64 ? 116 : 159;

    private static final int CLONE_NEWNS = 0x00020000;

    @TempDir
    Path directory;

    @Test
    void namespacesOfOthersAreCountedAsHidden() throws Exception {
        Look all = NamespaceScan.look(EnumSet.allOf(NamespaceType.class));
        long kthreadd = 2;

        asNobody(() -> {
            Look look = NamespaceScan.look(EnumSet.allOf(NamespaceType.class));

            assertThat(look.hidden()).isPositive();
            assertThat(look.host()).isEqualTo(all.host());
            assertThat(look.namespaces())
                    .extracting(HostNamespace::id)
                    .containsAll(all.host().values());
            assertThat(NamespaceScan.process(kthreadd).orElseThrow().command()).isEqualTo("[kthreadd]");
            assertThatThrownBy(() -> NamespaceScan.namespacesOf(kthreadd))
                    .isInstanceOf(RequestException.class)
                    .hasMessage("process 2: its namespaces may not be looked at");
            return null;
        });
    }

    /** 1: others' directories are seen, but nothing in them. 2: not even these. 4: as 2, but for what one may trace. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void hidepid(int hidepid) throws Exception {
        Look all = NamespaceScan.look(EnumSet.allOf(NamespaceType.class));
        Path proc = directory.resolve("proc");
        Files.createDirectory(proc);
        Run.command("mount", "-t", "proc", "-o", "hidepid=" + hidepid, "proc", proc.toString());
        try {
            onOwnThread(() -> {
                LibC c = LibC.get();
                assertThat(c.unshare(CLONE_NEWNS)).isZero();
                // Or it would be seen by everybody.
                assertThat(c.mount("none", "/", "none", LibC.MS_REC | LibC.MS_PRIVATE, null))
                        .isZero();
                Mounts.bind(proc, Path.of("/proc"));
                becomeNobody();

                Look look = NamespaceScan.look(EnumSet.allOf(NamespaceType.class));

                assertThat(look.hidden()).isPositive();
                assertThat(look.host()).isEqualTo(all.host());
                assertThat(look.namespaces())
                        .extracting(HostNamespace::id)
                        .containsAll(all.host().values());
                assertThat(NamespaceScan.process(2)).isEmpty();
                assertThatThrownBy(() -> NamespaceScan.namespacesOf(2)).isInstanceOf(RequestException.class);
                return null;
            });
        } finally {
            Run.command("umount", proc.toString());
        }
    }

    /** The rights of one thread: glibc's own setresuid(3) would change those of all. Group 0 is exempt from hidepid. */
    private static void becomeNobody() {
        assertThat(LibC.get().syscall(SETGROUPS, 0, 0, 0, 0)).isZero();
        assertThat(LibC.get().syscall(SETRESGID, NOBODY, NOBODY, NOBODY, 0)).isZero();
        assertThat(LibC.get().syscall(SETRESUID, NOBODY, NOBODY, NOBODY, 0)).isZero();
    }

    private static void asNobody(Callable<Void> body) throws Exception {
        onOwnThread(() -> {
            becomeNobody();
            return body.call();
        });
    }

    private static void onOwnThread(Callable<Void> body) throws Exception {
        FutureTask<Void> task = new FutureTask<>(body);
        Thread thread = new Thread(task, "nobody");
        thread.start();
        task.get();
        thread.join();
    }
}
