package io.netyard.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.container.Container;
import io.netyard.api.container.Containers;
import io.netyard.netns.ContainerRecognition;
import io.netyard.netns.LinuxContainers;
import io.netyard.testing.Eventually;
import io.netyard.testing.LiveKernel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Processes that call themselves a container's monitor. */
@LiveKernel
class PosersLiveTest {

    private static final String MONITOR = "[lxc monitor] /var/lib/lxc evil";

    /** In a user namespace of its own, an ordinary user may make pid and mount namespaces. */
    private static final List<String> POSER = List.of(
            "bash", "-c", "exec -a \"$0\" unshare --user --map-root-user --pid --mount --fork sleep 1000", MONITOR);

    private final ContainerRecognition recognition = new ContainerRecognition();
    private final Containers containers = new LinuxContainers(recognition);
    private Process poser;

    PosersLiveTest() {
        recognition.addRuntime(new Lxc());
    }

    @AfterEach
    void endIt() throws InterruptedException {
        if (poser != null) {
            poser.descendants().forEach(ProcessHandle::destroyForcibly);
            poser.destroyForcibly().waitFor();
        }
    }

    @Test
    void ofAnOrdinaryUserBearTheUsersNumber() throws Exception {
        start("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        Eventually.holds("it is seen", () -> !labels().isEmpty());
        assertThat(labels()).containsExactly("lxc:evil@65534");
    }

    @Test
    void inASandboxCountForNothing() throws Exception {
        start("unshare", "--pid", "--mount", "--fork");
        Eventually.holds(
                "the sandbox and what is inside have started",
                () -> poser.descendants().count() == 2);
        long inside = poser.descendants()
                .reduce((first, second) -> second)
                .orElseThrow()
                .pid();
        Eventually.holds("it sleeps", () -> ProcessHandle.of(inside)
                .flatMap(process -> process.info().command())
                .filter(command -> command.endsWith("sleep"))
                .isPresent());
        assertThat(labels()).isEmpty();
    }

    private void start(String... as) throws IOException {
        List<String> words = new ArrayList<>(List.of(as));
        words.addAll(POSER);
        poser = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private List<String> labels() {
        return containers.list().stream().map(Container::label).toList();
    }
}
