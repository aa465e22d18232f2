package io.netyard.lab.importing;

import io.netyard.api.MacAddress;
import io.netyard.api.firewall.FirewallBackend.Loaded;
import io.netyard.api.firewall.Policy;
import io.netyard.lab.file.LabFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a lab file has at any of its stages and the kernel does not tell of what it has.
 *
 * @param policies all of them
 * @param macs those that the file asks for
 */
record Known(List<Policy> policies, Set<MacAddress> macs) {

    static final Known NOTHING = new Known(List.of(), Set.of());

    static Known of(LabFile file) {
        List<Optional<String>> stages = file.stages().isEmpty()
                ? List.of(Optional.empty())
                : file.stages().stream().map(Optional::of).toList();
        List<Policy> policies = new ArrayList<>();
        Set<MacAddress> macs = new HashSet<>();
        stages.forEach(stage -> file.at(stage).network().nodes().values().forEach(node -> {
            node.settings().policies().values().forEach(use -> policies.add(use.policy()));
            node.devices().values().forEach(device -> device.mac().ifPresent(macs::add));
        }));
        return new Known(policies, macs);
    }

    /** The policy that was loaded, by its mark. */
    Optional<Policy> policy(Loaded loaded) {
        return policies.stream()
                .filter(policy -> policy.name().equals(loaded.policy())
                        && policy.layer() == loaded.layer()
                        && policy.fingerprint().equals(loaded.fingerprint()))
                .findFirst();
    }
}
