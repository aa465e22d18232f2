package io.netyard.api.proof;

import io.netyard.api.InterfaceName;
import io.netyard.api.bridge.VlanEntry;
import io.netyard.api.lab.Check;
import io.netyard.api.lab.Check.Watch;
import io.netyard.api.lab.Sight;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a lab promised and what its kernel did.
 *
 * @param findings in the order of the lab's expectations
 */
public record Verdict(String lab, Optional<String> stage, List<Finding> findings, Duration took) {

    public Verdict {
        findings = List.copyOf(findings);
    }

    /** What became of one promise. */
    public sealed interface Finding {

        /** Whether it was kept; what could not be measured was not. */
        boolean holds();

        /** Why it could not be measured, or empty. */
        String detail();
    }

    /**
     * One ordered pair.
     *
     * @param to a node or a named address
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
            String detail)
            implements Finding {

        @Override
        public boolean holds() {
            return expected == reached && detail.isEmpty();
        }
    }

    /** Who answers an ARP request. */
    public enum Answer {
        /** The one that was asked, and nobody else. */
        OK,
        /** Nobody. */
        FAIL,
        /** Somebody else only. */
        FORGED,
        /** The one that was asked and somebody else. */
        AMBIGUOUS
    }

    public record Arp(String from, String to, boolean expected, Answer answer, String detail) implements Finding {

        @Override
        public boolean holds() {
            return answer == (expected ? Answer.OK : Answer.FAIL) && detail.isEmpty();
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
            Optional<List<VlanEntry>> observed)
            implements Finding {

        @Override
        public boolean holds() {
            return observed.map(expected::equals).orElse(true);
        }

        @Override
        public String detail() {
            return "";
        }
    }

    /**
     * What came by at a point.
     *
     * @param observed one for each way in which the frame looked there; empty if it did not come by
     */
    public record Sighting(Watch watch, List<Sight> observed) {

        public Sighting {
            observed = List.copyOf(observed);
        }

        /** True if all of it was as promised; a source address that was not promised may be any. */
        public boolean holds() {
            if (watch.sight().isEmpty()) {
                return observed.isEmpty();
            }
            Sight promised = watch.sight().get();
            return observed.size() == 1
                    && observed.get(0).tags().equals(promised.tags())
                    && observed.get(0).copies() == promised.copies()
                    && (promised.source().isEmpty()
                            || promised.source().equals(observed.get(0).source()));
        }
    }

    /** @param tags as the sender sent it, outer one first */
    public record Broadcast(String from, List<Integer> tags, List<Sighting> sightings, String detail)
            implements Finding {

        @Override
        public boolean holds() {
            return detail.isEmpty() && sightings.stream().allMatch(Sighting::holds);
        }
    }

    /** @param replies at the same points as {@code requests}, in the same order */
    public record See(String from, String to, List<Sighting> requests, List<Sighting> replies, String detail)
            implements Finding {

        @Override
        public boolean holds() {
            return detail.isEmpty()
                    && requests.stream().allMatch(Sighting::holds)
                    && replies.stream().allMatch(Sighting::holds);
        }
    }

    /** @param ping whether the answer came back */
    public record Trace(Ping ping, List<Sighting> sightings) implements Finding {

        @Override
        public boolean holds() {
            return ping.holds() && sightings.stream().allMatch(Sighting::holds);
        }

        @Override
        public String detail() {
            return ping.detail();
        }
    }

    public record Neighbour(
            String node, InetAddress address, Check.Identity expected, Check.Identity observed, String detail)
            implements Finding {

        @Override
        public boolean holds() {
            return detail.isEmpty() && expected == observed;
        }
    }

    /**
     * @param to the target in words
     * @param expectedPeer empty if it does not matter whom the server sees
     * @param peer whom the server saw as its client; empty without a connection, or if the server is not ours
     */
    public record Tcp(
            String from,
            String to,
            Check.Connection expected,
            Optional<InetAddress> expectedPeer,
            Check.Connection observed,
            Optional<InetAddress> peer,
            String detail)
            implements Finding {

        @Override
        public boolean holds() {
            return detail.isEmpty() && expected == observed && (expectedPeer.isEmpty() || expectedPeer.equals(peer));
        }
    }

    /** Those of one kind, in order. */
    public <T extends Finding> List<T> of(Class<T> kind) {
        return findings.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** True if every promise was kept. */
    public boolean holds() {
        return findings.stream().allMatch(Finding::holds);
    }
}
