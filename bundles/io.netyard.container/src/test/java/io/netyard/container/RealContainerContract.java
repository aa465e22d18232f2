package io.netyard.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.RequestException;
import io.netyard.api.container.Container;
import io.netyard.api.container.ContainerRuntime;
import io.netyard.api.container.Containers;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.Inventory;
import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.api.netns.Way;
import io.netyard.netns.ContainerRecognition;
import io.netyard.netns.HostInventory;
import io.netyard.netns.LinuxContainers;
import io.netyard.netns.LinuxNamespaces;
import io.netyard.testing.Eventually;
import io.netyard.testing.containers.RealContainer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a container that a real runtime has made. */
abstract class RealContainerContract {

    @TempDir
    Path scratch;

    private final ContainerRecognition recognition = recognition();
    final Containers containers = new LinuxContainers(recognition);
    private final LinuxNamespaces namespaces = new LinuxNamespaces();
    final Inventory inventory = new HostInventory(namespaces, recognition);

    private RealContainer container;

    private static ContainerRecognition recognition() {
        ContainerRecognition recognition = new ContainerRecognition();
        List.<ContainerRuntime>of(new Docker(), new LibvirtLxc(), new Lxc(), new Nspawn(), new Podman())
                .forEach(recognition::addRuntime);
        return recognition;
    }

    /** One that has not been started. */
    abstract RealContainer make(Path scratch);

    /** Whether it has a user namespace of its own. */
    abstract boolean isUnprivileged();

    @BeforeEach
    void makeIt() {
        namespaces.setContainers(containers);
        container = make(scratch);
    }

    @AfterEach
    void removeIt() {
        container.close();
    }

    @Test
    void isThereWithItsNameAndFirstProcessAsLongAsItRuns() throws Exception {
        String name = container.label().replaceFirst(".*:", "");
        assertThat(found()).isEmpty();
        assertThatThrownBy(() -> containers.find(name))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("no container '" + name + "' runs");
        container.start();
        assertThat(found()).map(Container::pid).contains(container.pid());
        assertThat(containers.find(name)).isEqualTo(found().orElseThrow());
        assertThat(containers.find(container.label())).isEqualTo(found().orElseThrow());
        container.stop();
        Eventually.holds(container + " is gone", () -> found().isEmpty());
    }

    @Test
    void itsNamespacesSayWhoseTheyAreAndWhetherItIsPrivileged() {
        container.start();
        Inventory.Look look = inventory.look(EnumSet.allOf(NamespaceType.class));
        NamespaceId host = look.host().get(NamespaceType.USER);
        inventory.namespacesOf(container.pid()).forEach((type, id) -> {
            if (id.equals(look.host().get(type))) {
                return;
            }
            HostNamespace namespace = look.namespaces().stream()
                    .filter(candidate -> candidate.id().equals(id))
                    .findFirst()
                    .orElseThrow();
            assertThat(namespace.container()).as("%s", id).contains(container.label());
            if (type != NamespaceType.USER) {
                assertThat(namespace.userNamespace().orElseThrow().equals(host))
                        .as("%s shares the host's user namespace", id)
                        .isNotEqualTo(isUnprivileged());
            }
        });
        assertThat(inventory.namespacesOf(container.pid()))
                .as("it is a container at all")
                .extractingByKeys(NamespaceType.NET, NamespaceType.PID, NamespaceType.MNT)
                .doesNotContain(
                        look.host().get(NamespaceType.NET),
                        look.host().get(NamespaceType.PID),
                        look.host().get(NamespaceType.MNT));
        assertThat(look.namespaces())
                .as("the host's own namespaces are no container's")
                .filteredOn(namespace -> look.host().containsValue(namespace.id()))
                .allSatisfy(namespace -> assertThat(namespace.container()).isEmpty());
    }

    @Test
    void whoWaitsForItSeesTheNewOneAfterARestart() throws Exception {
        Containers.Wait wait = containers.await(container.label());
        assertThat(wait.look()).isEmpty();
        container.start();
        Eventually.holds(container + " is seen", () -> wait.look().isPresent());
        Container first = wait.look().orElseThrow();
        container.restart();
        Eventually.holds("the new one is seen", () -> wait.look()
                .filter(now -> now.startTime() != first.startTime())
                .isPresent());
        assertThat(wait.look().map(Container::pid)).contains(container.pid());
    }

    @Test
    void aProgramStartedInsideLaterIsPartOfIt() throws Exception {
        container.start();
        Process entered = new ProcessBuilder(
                        "nsenter", "--target", Long.toString(container.pid()), "--all", "--", "/bin/sleep", "1000")
                .start();
        try {
            // nsenter forks, as only a new process is in the pid namespace.
            Eventually.holds(
                    "the program runs", () -> entered.children().findFirst().isPresent());
            long inside = entered.children().findFirst().orElseThrow().pid();
            Eventually.holds("it is in the container", () -> {
                ContainerRecognition.Look look = recognition.look();
                look.label(container.pid());
                return look.label(inside).equals(Optional.of(container.label()));
            });
            assertThat(found().map(Container::pid)).as("but not the first one").contains(container.pid());
        } finally {
            entered.descendants().forEach(ProcessHandle::destroyForcibly);
            entered.destroyForcibly().waitFor();
        }
    }

    @Test
    void itsNameLeadsIn() throws Exception {
        container.start();
        Way way = namespaces.way(container.label(), EnumSet.allOf(NamespaceType.class));

        for (NamespaceType type :
                List.of(NamespaceType.NET, NamespaceType.PID, NamespaceType.MNT, NamespaceType.USER)) {
            assertThat(output(way, "/bin/busybox", "readlink", "/proc/self/ns/" + type.word()))
                    .as("%s", type)
                    .isEqualTo(inventory.namespacesOf(container.pid()).get(type) + "\n");
        }
        assertThat(output(way, "/bin/busybox", "id", "-u")).isEqualTo("0\n");
        assertThatThrownBy(() -> namespaces.start(way, List.of("/bin/bash"), null))
                .hasMessageEndingWith("there is no /bin/bash in there; there is /bin/sh");
        try (NetnsProcess shell = namespaces.enter(way, "/bin/bash", null)) {
            shell.input().write("exit 5\n".getBytes(StandardCharsets.UTF_8));
            shell.input().flush();
            assertThat(shell.waitFor(Eventually.LIMIT)).hasValue(5);
        }
    }

    private String output(Way way, String... command) throws Exception {
        try (NetnsProcess process = namespaces.start(way, List.of(command), null)) {
            String output = new String(process.output().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(Eventually.LIMIT)).as(output).hasValue(0);
            return output;
        }
    }

    private Optional<Container> found() {
        return containers.list().stream()
                .filter(candidate -> candidate.label().equals(container.label()))
                .findFirst();
    }
}
