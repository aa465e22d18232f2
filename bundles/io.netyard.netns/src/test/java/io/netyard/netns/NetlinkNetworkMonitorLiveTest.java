package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.NetnsRef;
import io.netyard.api.netns.NetworkMonitor.Kind;
import io.netyard.api.netns.NetworkMonitor.Notice;
import io.netyard.api.netns.NetworkMonitor.Subscription;
import io.netyard.testing.Eventually;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.LiveNamespace;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the kernel tells of several namespaces, through one pair of sockets. */
@LiveKernel
@Timeout(120)
class NetlinkNetworkMonitorLiveTest {

    private final Set<Notice> told = ConcurrentHashMap.newKeySet();

    private void await(Notice notice) throws Exception {
        Eventually.holds(notice + " among " + told, () -> told.contains(notice));
    }

    private static Notice notice(NetnsRef netns, Kind kind) {
        return new Notice(Optional.of(netns), kind);
    }

    @Test
    void eachIsToldOfItsOwnNamespacesAndOfTheirEnd() throws Exception {
        NetlinkNetworkMonitor monitor = new NetlinkNetworkMonitor();
        try (LiveNamespace other = new LiveNamespace("monitor2")) {
            monitor.watch(Set.of(other.ref()), told::add).close();
            LiveNamespace watched = new LiveNamespace("monitor1");
            NetnsRef here = watched.ref();
            try (Subscription subscription = monitor.watch(Set.of(here), told::add)) {
                other.run("ip", "link", "set", "lo", "up");
                watched.run("ip", "link", "set", "lo", "up");
                await(notice(here, Kind.LINK));
                watched.run("ip", "address", "add", "10.9.0.1/24", "dev", "lo");
                await(notice(here, Kind.ADDRESS));
                watched.run("ip", "route", "add", "10.8.0.0/16", "dev", "lo");
                await(notice(here, Kind.ROUTE));
                watched.run("sysctl", "-qw", "net.ipv4.ip_forward=1");
                await(notice(here, Kind.PARAMETER));
                assertThat(told).noneMatch(notice -> notice.netns().equals(Optional.of(other.ref())));
                watched.close();
                await(notice(here, Kind.GONE));
            } finally {
                watched.close();
            }
            told.clear();
            monitor.watch(Set.of(here), told::add).close();
            assertThat(told).containsExactly(notice(here, Kind.GONE));
        }
        Eventually.holds("no thread is left", () -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().equals("netyard network monitor")));
    }

    /** The kernel drops what finds no place in the smallest buffer that it gives, and says that it has. */
    @Test
    void whatWasMissedIsToldAsMissed() throws Exception {
        NetlinkNetworkMonitor monitor = new NetlinkNetworkMonitor(1);
        try (LiveNamespace watched = new LiveNamespace("monitor3");
                Subscription subscription = monitor.watch(Set.of(watched.ref()), told::add)) {
            StringBuilder many = new StringBuilder();
            for (int i = 1; i < 200; i++) {
                many.append(
                        "ip address add 10.9.0.%1$d/32 dev lo; ip address del 10.9.0.%1$d/32 dev lo; ".formatted(i));
            }
            watched.run(
                    "sh",
                    "-c",
                    "ip -batch - <<END\n" + many.toString().replace("; ", "\n").replace("ip ", "") + "END");
            await(new Notice(Optional.empty(), Kind.MISSED));
            // And it goes on.
            told.clear();
            watched.run("ip", "link", "set", "lo", "up");
            Eventually.holds("told again", () -> told.stream()
                    .anyMatch(notice -> notice.netns().equals(Optional.of(watched.ref()))));
        }
    }
}
