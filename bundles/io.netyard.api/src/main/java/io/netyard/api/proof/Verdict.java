package io.netyard.api.proof;

import io.netyard.api.InterfaceName;
import io.netyard.api.bridge.VlanEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a lab promised and what its kernel did.
 *
 * @param pings in the order of the lab's expectations
 * @param vlanTables in the order of the lab's expectations
 */
public record Verdict(String lab, Optional<String> stage, List<Ping> pings, List<VlanTable> vlanTables, Duration took) {

    /**
     * One ordered pair.
     *
     * @param reached an answer came
     * @param ttl of the answer's IPv4 header; empty with IPv6 and without an answer
     * @param roundTrip empty without an answer
     * @param detail why it could not be measured, or empty
     */
    public record Ping(
            String from,
            String to,
            boolean expected,
            boolean reached,
            Optional<Integer> ttl,
            Optional<Duration> roundTrip,
            String detail) {

        public boolean holds() {
            return expected == reached && detail.isEmpty();
        }
    }

    /**
     * The table of one device.
     *
     * @param device a port, or the bridge itself
     * @param inForce whether the bridge is to filter by it
     * @param observed an empty list if the device is gone; an empty optional if this kernel has no bridge VLAN tables: then
     *     there is nothing that could have been kept or broken
     */
    public record VlanTable(
            String node,
            InterfaceName device,
            boolean inForce,
            List<VlanEntry> expected,
            Optional<List<VlanEntry>> observed) {

        public boolean holds() {
            return observed.map(expected::equals).orElse(true);
        }
    }

    /** True if every promise was kept. */
    public boolean holds() {
        return pings.stream().allMatch(Ping::holds) && vlanTables.stream().allMatch(VlanTable::holds);
    }
}
