package io.netyard.kernel.route;

import static io.netyard.kernel.route.Captured.assertEncodes;
import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.kernel.NetlinkMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Captured by strace on Linux 6.1.176. */
class NamespaceIdsTest {

    /** As {@code ip netns list} asks. */
    @Test
    void idOfANamespaceByDescriptor() {
        assertEncodes(
                """
                        1c000000 5a00 0100 f654066b 00000000  # RTM_GETNSID, 28 bytes, flags 0x1, sequence, port
                        00000000  # struct rtgenmsg, padded
                        0800 0300 06000000  # NETNSA_FD 6
                        """,
                NamespaceIds.get(6, "a test"));
    }

    /** The kernel gives a number to a namespace when it first has to name it; until then the answer is -1. */
    @Test
    void onlyANamespaceThatHasBeenNamedHasANumber() {
        List<NetlinkMessage> answers = Captured.messages("namespace-ids.hex");

        assertThat(NamespaceIds.of(answers.get(0))).isEmpty();
        assertThat(NamespaceIds.of(answers.get(1))).hasValue(0);
    }
}
