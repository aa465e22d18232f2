package io.netyard.api.lab;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.NetnsRef;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.netns.ForeignNamespace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A lab: what its file means at the stage it is in, with the namespaces that carry it.
 *
 * @param file where it was applied from
 * @param stages in order; empty if it has none
 * @param stage the one it is in
 * @param nodes in the file's order
 * @param switches in the file's order
 * @param groups in the file's order
 * @param standing whether it is up
 */
public record RunningLab(
        String name,
        Path file,
        List<String> stages,
        Optional<String> stage,
        List<Node> nodes,
        List<Switch> switches,
        List<Group> groups,
        Expectations expectations,
        Standing standing) {

    /** One that is up. */
    public RunningLab(
            String name,
            Path file,
            List<String> stages,
            Optional<String> stage,
            List<Node> nodes,
            List<Switch> switches,
            List<Group> groups,
            Expectations expectations) {
        this(name, file, stages, stage, nodes, switches, groups, expectations, Standing.UP);
    }

    public enum State {
        /** It is there, perhaps not all of it. */
        UP,
        /** Somebody has ended all namespaces that it had made. */
        GONE,
        /** It ended with an earlier run of the machine and has not been brought back. */
        LOST
    }

    /**
     * @param autostart whether it is brought back after a restart of the machine without being asked for
     * @param trouble if it is not up, why, and what can be done, in one sentence
     */
    public record Standing(State state, boolean autostart, Optional<String> trouble) {

        public static final Standing UP = new Standing(State.UP, false, Optional.empty());
    }

    /**
     * @param netns empty if the namespace is gone (its holder was killed, the container has stopped)
     * @param addresses of all its interfaces, in the file's order, IPv4 and IPv6
     * @param attached present if somebody else has made its namespace
     */
    public record Node(String name, Optional<NetnsRef> netns, List<Address> addresses, Optional<Attached> attached) {

        /** One whose namespace the lab has made, or the host's. */
        public Node(String name, Optional<NetnsRef> netns, List<Address> addresses) {
            this(name, netns, addresses, Optional.empty());
        }
    }

    /**
     * How it stands with a node that is attached.
     *
     * @param what the container, process or mount
     * @param since when it was wired last; empty if that is not known
     * @param rewired whether that was because it had come back
     * @param trouble why it is not wired, in one sentence; empty if it is
     */
    public record Attached(ForeignNamespace what, Optional<Instant> since, boolean rewired, Optional<String> trouble) {}

    public record Address(InterfaceName device, IpPrefix prefix) {}

    /**
     * @param name as in the file
     * @param node the node that it is in
     * @param vlanFiltering whether the VLAN tables are to have any effect
     * @param self wanted VLAN table of the bridge itself
     * @param ports wanted VLAN tables of its ports, in the file's order
     */
    public record Switch(
            String name,
            String node,
            InterfaceName bridge,
            boolean vlanFiltering,
            List<VlanEntry> self,
            Map<InterfaceName, List<VlanEntry>> ports) {}

    public record Group(String name, Optional<VlanId> vlan, List<String> members) {}

    /**
     * What the stage promises.
     *
     * @param checks in the order in which their results are to be told
     */
    public record Expectations(List<Check> checks) {

        public Expectations {
            checks = List.copyOf(checks);
        }

        /** Those of one kind, in order. */
        public <T extends Check> List<T> of(Class<T> kind) {
            return checks.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }
}
