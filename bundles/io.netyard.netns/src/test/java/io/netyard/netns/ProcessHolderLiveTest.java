package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netyard.api.netns.NamespaceHolder;
import io.netyard.api.netns.NamespaceHolder.Held;
import io.netyard.testing.Eventually;
import io.netyard.testing.ReusedPid;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessHolderLiveTest extends NamespaceHolderContract {

    @Override
    NamespaceHolder holder() {
        return new ProcessHolder();
    }

    @Test
    void theProcessIsOneThatUsersFind() throws Exception {
        hold(holder(), spec("web"));
        Held held = only(held());

        assertThat(Processes.command(held.pid())).isEqualTo("netyard:" + LAB + "/web infinity");
        assertThat(Foreign.run("nsenter", "-t", Long.toString(held.pid()), "-n", "-u", "hostname"))
                .isEqualTo("web\n");
        assertThat(Foreign.run("lsns", "-t", "net", "-o", "NS,PID,COMMAND"))
                .containsPattern(held.ref().inode() + "\\s+" + held.pid() + "\\s+netyard:" + LAB + "/web");
    }

    /** Whoever started the appliance may go away, and its directory with a removable disk. */
    @Test
    void theProcessHoldsNothingButTheNamespace() throws Exception {
        hold(holder(), spec("web"));
        Held held = only(held());

        try (var descriptors = Files.list(Processes.directory(held.pid()).resolve("fd"))) {
            assertThat(descriptors.map(fd -> fd.getFileName().toString())).containsOnly("0", "1", "2");
        }
    }

    @Test
    void whoKillsItEndsTheNamespace() throws Exception {
        hold(holder(), spec("web"));
        Held held = only(held());

        ProcessHandle.of(held.pid()).orElseThrow().destroyForcibly();

        Eventually.holds("the namespace is not listed any more", () -> held().isEmpty());
        holder().release(held);
        Eventually.holds("the process is gone", () -> Processes.isGone(held.pid()));
    }

    /** A stranger in a namespace of its own, which on some kernels even has the inode of the one that has ended. */
    @Test
    void whoHasItsPidNextIsSomebodyElse() throws Exception {
        assumeTrue(ReusedPid.isPossible(), "gives a pid out again: runs on the host kernel");
        hold(holder(), spec("web"));
        Held held = only(held());
        ProcessHandle.of(held.pid()).orElseThrow().destroyForcibly();
        Eventually.holds("the holder is gone", () -> !Files.exists(Processes.directory(held.pid())));

        try (ReusedPid stranger = ReusedPid.start(held.pid(), List.of("unshare", "--net", "--uts", "sleep", "600"))) {
            Eventually.holds(
                    "a stranger in a namespace of its own",
                    () -> Processes.arguments(held.pid()).startsWith("sleep\0")
                            && !Processes.netInode(held.pid())
                                    .equals(Processes.netInode(
                                            ProcessHandle.current().pid())));

            assertThat(held()).isEmpty();
            holder().release(held);
            assertThat(stranger.isAlive()).isTrue();
        }
    }

    /** Anybody can give a process such a command line; only root can put it into a namespace of its own. */
    @Test
    void aProcessOfThatNameInTheHostsNamespaceHoldsNothing() throws Exception {
        Process impostor =
                new ProcessBuilder("bash", "-c", "exec -a netyard:" + LAB + "/web /bin/sleep infinity").start();
        try {
            Eventually.holds("the impostor runs", () -> Processes.arguments(impostor.pid())
                    .startsWith("netyard:"));

            assertThat(held()).isEmpty();
        } finally {
            impostor.destroyForcibly().waitFor();
        }
    }
}
