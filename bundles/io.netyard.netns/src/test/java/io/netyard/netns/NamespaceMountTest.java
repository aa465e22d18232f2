package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of /proc/self/mountinfo, as kernels 6.1 and 6.18 write them. */
class NamespaceMountTest {

    @Test
    void aNetworkNamespaceWithAName() {
        assertThat(NamespaceMount.parse("162 161 0:4 net:[4026532281] /run/netns/blue rw shared:5 - nsfs nsfs rw"))
                .contains(new NamespaceMount("net", 4026532281L, Path.of("/run/netns/blue")));
    }

    /** Zero, one or more optional fields stand before the hyphen. */
    @Test
    void optionalFieldsDoNotCount() {
        assertThat(NamespaceMount.parse("36 35 0:4 uts:[4026532280] /a rw - nsfs nsfs rw"))
                .contains(new NamespaceMount("uts", 4026532280L, Path.of("/a")));
        assertThat(NamespaceMount.parse(
                        "36 35 0:4 uts:[4026532280] /a rw shared:1 master:2 propagate_from:3 - nsfs nsfs rw"))
                .contains(new NamespaceMount("uts", 4026532280L, Path.of("/a")));
    }

    @Test
    void blanksTabsNewlinesAndBackslashesAreEscaped() {
        assertThat(NamespaceMount.parse("36 35 0:4 net:[7] /tmp/a\\040b\\011c\\012d\\134e\\134040 rw - nsfs nsfs rw"))
                .contains(new NamespaceMount("net", 7, Path.of("/tmp/a b\tc\nd\\e\\040")));
    }

    /** A # is escaped by some kernels, for the sake of fstab. Letters beyond ASCII never are. */
    @Test
    void otherCharacters() {
        assertThat(NamespaceMount.parse("36 35 0:4 net:[7] /tmp/\\043größe rw - nsfs nsfs rw"))
                .contains(new NamespaceMount("net", 7, Path.of("/tmp/#größe")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "36",
                "22 1 0:21 / /run rw,nosuid - tmpfs tmpfs rw",
                // A path or a source that only looks like it.
                "22 1 0:21 / /run/net:[1] rw - tmpfs nsfs rw",
                // Deleted: the kernel appends this to the root.
                "36 35 0:4 net:[7]//deleted /run/x rw - nsfs nsfs rw",
                "36 35 0:4 net:[] /run/x rw - nsfs nsfs rw",
                "36 35 0:4 net:[x] /run/x rw - nsfs nsfs rw",
            })
    void everythingElseIsNone(String line) {
        assertThat(NamespaceMount.parse(line)).isEmpty();
    }
}
