package io.netyard.firewall.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Namespaces.Output;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What becomes of a tool that is missing, hangs, or refuses. */
class NftTest {

    private static final NetnsRef NETNS = new NetnsRef(1, Path.of("/proc/1/ns/net"), Optional.empty());

    private interface Program {
        Output run(List<String> command, String input, Duration limit);
    }

    private static Namespaces running(Program program) {
        return (Namespaces) Proxy.newProxyInstance(
                NftTest.class.getClassLoader(), new Class<?>[] {Namespaces.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("label")) {
                        return "netns1";
                    }
                    @SuppressWarnings("unchecked")
                    List<String> command = (List<String>) arguments[1];
                    return program.run(command, (String) arguments[2], (Duration) arguments[3]);
                });
    }

    @Test
    void everyRunIsBoundedInTime() {
        Nft nft = new Nft(running((command, input, limit) -> {
            assertThat(limit).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(1));
            throw new RequestException("nft has not ended after " + limit.toSeconds() + " s and was killed");
        }));

        assertThatThrownBy(() -> nft.execute(NETNS, "load policy p", "x"))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("was killed");
    }

    @Test
    void aRefusalIsToldInTheToolsWordsWithoutThePlaceInAScriptThatNobodyHasSeen() {
        Nft nft = new Nft(running((command, input, limit) -> new Output(
                1, "", "/dev/stdin:3:5-9: Error: Could not process rule: No such file or directory\n    ^^^^\n")));

        assertThatThrownBy(() -> nft.execute(NETNS, "load policy p", "x"))
                .hasMessage("netns1: nft refuses to load policy p: Could not process rule: No such file or directory");
        assertThat(nft.accepts(NETNS, "x")).isFalse();
    }
}
