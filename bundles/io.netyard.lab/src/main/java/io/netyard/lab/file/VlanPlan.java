package io.netyard.lab.file;

import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which VLAN stands for whom, and the tables that follow from it.
 *
 * <p>A group has a VLAN, on single switches perhaps another one. A node that is in several groups cannot speak in all their VLANs,
 * since a port has one PVID: it gets a VLAN of its own to speak in, which every member of its groups hears, and hears the VLANs of
 * its groups. So a VLAN is for one direction only where such a <em>shared member</em> is involved.
 */
final class VlanPlan {

    /** Own VIDs are multiples of this, so that they are told from the groups' at a glance. */
    private static final int STEP = 10;

    private final Lab lab;
    private final Problems problems;
    private final Map<String, VlanId> own = new LinkedHashMap<>();

    /**
     * @param shared the members of several groups that need a VLAN of their own
     * @param written VIDs that tables in the file use
     */
    VlanPlan(Lab lab, Collection<String> shared, Set<VlanId> written, Problems problems) {
        this.lab = lab;
        this.problems = problems;
        Set<VlanId> used = new TreeSet<>(written);
        lab.groups().values().forEach(group -> {
            group.vlan().ifPresent(vlan -> used.add(vlan.value()));
            group.vlans().values().forEach(local -> used.add(local.vlan().value()));
        });
        for (String node : shared) {
            lab.nodes().get(node).vlan().ifPresent(vlan -> {
                own.put(node, vlan.value());
                refuseTaken(node, vlan);
            });
        }
        used.addAll(own.values());
        for (String node : shared) {
            if (!own.containsKey(node)) {
                Optional<VlanId> found = free(used);
                found.ifPresent(vlan -> {
                    own.put(node, vlan);
                    used.add(vlan);
                });
                if (found.isEmpty()) {
                    problems.add(
                            lab.nodes().get(node).name().position(),
                            "%s is in several groups and needs a VLAN of its own, but none is left".formatted(node));
                }
            }
        }
    }

    /** The groups with a VLAN that a node is in, in the file's order. */
    static List<Lab.Group> groupsOf(Lab lab, String node) {
        return lab.groups().values().stream()
                .filter(group -> group.vlan().isPresent()
                        && group.members().stream()
                                .anyMatch(member -> member.value().equals(node)))
                .toList();
    }

    static VlanId of(Lab.Group group, Lab.Switch at) {
        Lab.SwitchVlan local = group.vlans().get(at.name().value());
        return (local == null ? group.vlan().orElseThrow() : local.vlan()).value();
    }

    /** What a shared member speaks in; empty if the node needs no such thing. */
    Optional<VlanId> own(String node) {
        return Optional.ofNullable(own.get(node));
    }

    /** The smallest multiple of ten above all that are used or, above 4094, the lowest VID that nobody uses. */
    private static Optional<VlanId> free(Set<VlanId> used) {
        int highest = used.stream().mapToInt(VlanId::value).max().orElse(0);
        int next = (highest / STEP + 1) * STEP;
        if (next <= VlanId.MAX) {
            return Optional.of(new VlanId(next));
        }
        // VID 1 is what the kernel puts on every new port.
        for (int vid = 2; vid <= VlanId.MAX; vid++) {
            if (!used.contains(new VlanId(vid))) {
                return Optional.of(new VlanId(vid));
            }
        }
        return Optional.empty();
    }

    private void refuseTaken(String node, At<VlanId> vlan) {
        lab.groups().values().stream()
                .filter(group -> group.vlan()
                                .filter(at -> at.value().equals(vlan.value()))
                                .isPresent()
                        || group.vlans().values().stream()
                                .anyMatch(local -> local.vlan().value().equals(vlan.value())))
                .findFirst()
                .ifPresent(group -> problems.add(
                        vlan.position(),
                        "VLAN %s is group %s's; %s needs one of its own".formatted(vlan, group.name(), node)));
        own.forEach((other, taken) -> {
            if (taken.equals(vlan.value()) && !other.equals(node)) {
                problems.add(
                        vlan.position(),
                        "VLAN %s is %s's already; %s needs one of its own".formatted(vlan, other, node));
            }
        });
    }

    /** Two groups in one VLAN of one switch would be one group. */
    void refuseSharedVlans(Lab.Switch at) {
        Map<VlanId, Lab.Group> taken = new LinkedHashMap<>();
        for (Lab.Group group : lab.groups().values()) {
            if (group.vlan().isEmpty()) {
                continue;
            }
            Lab.Group before = taken.putIfAbsent(of(group, at), group);
            String name = at.name().value();
            if (before != null
                    && (group.vlans().containsKey(name) || before.vlans().containsKey(name))) {
                Lab.SwitchVlan local =
                        group.vlans().getOrDefault(name, before.vlans().get(name));
                problems.add(
                        local.vlan().position(),
                        "VLAN %s of switch %s would be group %s's and group %s's"
                                .formatted(local.vlan(), name, before.name(), group.name()));
            }
        }
    }

    /** The table of a port that leads to a node. */
    List<VlanEntry> towards(String node, Lab.Switch at) {
        return access(node, groupsOf(lab, node), at);
    }

    /** The table of a port that leads to a node which is a member of one group through it. */
    List<VlanEntry> towardsMember(String node, Lab.Group group, Lab.Switch at) {
        return access(node, List.of(group), at);
    }

    private List<VlanEntry> access(String node, List<Lab.Group> groups, Lab.Switch at) {
        Map<VlanId, VlanEntry> table = new TreeMap<>();
        boolean several = groups.size() > 1;
        if (several && own(node).isEmpty()) {
            // No VID was left for it, which is told.
            return List.of();
        }
        groups.forEach(group -> put(table, of(group, at), !several));
        own.forEach((other, vlan) -> {
            if (!other.equals(node) && groupsOf(lab, other).stream().anyMatch(groups::contains)) {
                put(table, vlan, false);
            }
        });
        if (several) {
            put(table, own.get(node), true);
        }
        return List.copyOf(table.values());
    }

    private static void put(Map<VlanId, VlanEntry> table, VlanId vlan, boolean pvid) {
        table.put(vlan, new VlanEntry(vlan, pvid, true));
    }

    /** The table of a port that leads to another switch. */
    List<VlanEntry> trunk(Lab.Switch at) {
        Set<VlanId> all = new TreeSet<>(own.values());
        lab.groups().values().stream()
                .filter(group -> group.vlan().isPresent())
                .forEach(group -> all.add(of(group, at)));
        return tagged(all);
    }

    /** The table of a port on whose other side a node tells its groups apart by tags. */
    List<VlanEntry> tags(String node, Lab.Switch at) {
        Set<VlanId> all = new TreeSet<>();
        groupsOf(lab, node).forEach(group -> all.add(of(group, at)));
        return tagged(all);
    }

    private static List<VlanEntry> tagged(Set<VlanId> vlans) {
        return vlans.stream().map(vlan -> new VlanEntry(vlan, false, false)).toList();
    }
}
