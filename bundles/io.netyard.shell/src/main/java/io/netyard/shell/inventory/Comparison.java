package io.netyard.shell.inventory;

import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether two processes are in the same namespace of one type.
 *
 * @param first empty if the kernel shows none: it lacks the type, or the process is a zombie and has left it
 * @param second as {@code first}
 */
public record Comparison(NamespaceType type, Optional<NamespaceId> first, Optional<NamespaceId> second) {

    /** One for each type that at least one of them has. */
    public static List<Comparison> of(Map<NamespaceType, NamespaceId> first, Map<NamespaceType, NamespaceId> second) {
        return Arrays.stream(NamespaceType.values())
                .filter(type -> first.containsKey(type) || second.containsKey(type))
                .map(type -> new Comparison(
                        type, Optional.ofNullable(first.get(type)), Optional.ofNullable(second.get(type))))
                .toList();
    }

    /** Empty if it cannot be told. */
    public Optional<Boolean> shared() {
        return first.isPresent() && second.isPresent() ? Optional.of(first.equals(second)) : Optional.empty();
    }

    /** What that means for the two. */
    public String meaning() {
        return shared().map(same -> same ? whenShared() : whenNot())
                .orElse("cannot be told: one of the two has left its namespaces of this type");
    }

    private String whenShared() {
        return switch (type) {
            case CGROUP -> "both see the same cgroup as the root of all";
            case IPC -> "both see the same System V IPC objects and POSIX message queues";
            case MNT -> "both see the same mounts, each below its own root directory";
            case NET -> "both see the same interfaces, addresses, routes, firewall rules and ports";
            case PID -> "both see the same processes under the same pids, and may signal them if their user may";
            case TIME -> "both see the same uptime";
            case USER -> "a user id means the same user to both: root of one is root of the other";
            case UTS -> "both have the same host name: who changes it changes it for both";
        };
    }

    private String whenNot() {
        return switch (type) {
            case CGROUP -> "each sees a cgroup of its own as the root of all";
            case IPC -> "neither sees the other's System V IPC objects and POSIX message queues";
            case MNT -> "each has its own table of mounts: what one mounts the other need not see";
            case NET -> "each has its own interfaces, addresses, routes, firewall rules and ports";
            case PID ->
                "each counts pids its own way; only from the outer one, if one is inside the other, are both seen";
            case TIME -> "each may see an uptime of its own";
            case USER ->
                "a user id need not mean the same user to both: root of one has no rights over the other by that alone";
            case UTS -> "each has a host name of its own";
        };
    }
}
