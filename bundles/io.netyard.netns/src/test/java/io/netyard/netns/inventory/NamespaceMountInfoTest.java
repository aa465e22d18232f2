package io.netyard.netns.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of /proc/self/mountinfo, as kernels 6.1 and 6.18 write them. */
class NamespaceMountInfoTest {

    @Test
    void aNetworkNamespaceWithAName() {
        assertThat(NamespaceMountInfo.parse("162 161 0:4 net:[4026532281] /run/netns/blue rw shared:5 - nsfs nsfs rw"))
                .contains(new NamespaceMountInfo(new NamespaceId(NamespaceType.NET, 4026532281L), "/run/netns/blue"));
    }

    /** Zero, one or more optional fields stand before the hyphen. */
    @Test
    void optionalFieldsDoNotCount() {
        assertThat(NamespaceMountInfo.parse("36 35 0:4 uts:[4026532280] /a rw - nsfs nsfs rw"))
                .contains(new NamespaceMountInfo(new NamespaceId(NamespaceType.UTS, 4026532280L), "/a"));
        assertThat(NamespaceMountInfo.parse(
                        "36 35 0:4 uts:[4026532280] /a rw shared:1 master:2 propagate_from:3 - nsfs nsfs rw"))
                .contains(new NamespaceMountInfo(new NamespaceId(NamespaceType.UTS, 4026532280L), "/a"));
    }

    @Test
    void blanksTabsNewlinesAndBackslashesAreEscaped() {
        assertThat(NamespaceMountInfo.parse(
                        "36 35 0:4 net:[7] /tmp/a\\040b\\011c\\012d\\134e\\134040 rw - nsfs nsfs rw"))
                .contains(new NamespaceMountInfo(new NamespaceId(NamespaceType.NET, 7), "/tmp/a b\tc\nd\\e\\040"));
    }

    /** A # is escaped by some kernels, for the sake of fstab. Letters beyond ASCII never are. */
    @Test
    void otherCharacters() {
        assertThat(NamespaceMountInfo.parse("36 35 0:4 net:[7] /tmp/\\043größe rw - nsfs nsfs rw"))
                .contains(new NamespaceMountInfo(new NamespaceId(NamespaceType.NET, 7), "/tmp/#größe"));
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
        assertThat(NamespaceMountInfo.parse(line)).isEmpty();
    }

    /** The bytes are looked through for the lines that matter, wherever they are. */
    @Test
    void inAWholeFileTheirLinesAreFound() {
        String file =
                """
                22 1 0:21 / /run rw,nosuid - tmpfs tmpfs rw
                36 22 0:4 net:[7] /run/netns/a\\040b rw shared:5 - nsfs nsfs rw
                23 1 0:22 / /a\\040-\\040nsfs\\040 rw - ext4 /dev/vda - nsfs rw
                37 22 0:4 uts:[8] /x rw - nsfs nsfs rw""";

        assertThat(NamespaceMountInfo.all(file.getBytes(StandardCharsets.UTF_8)))
                .containsExactly(
                        new NamespaceMountInfo(new NamespaceId(NamespaceType.NET, 7), "/run/netns/a b"),
                        new NamespaceMountInfo(new NamespaceId(NamespaceType.UTS, 8), "/x"));
        assertThat(NamespaceMountInfo.all(new byte[0])).isEmpty();
        assertThat(NamespaceMountInfo.all(new byte[] {'-', ' ', 'n', '-', (byte) 0xff}))
                .isEmpty();
    }
}
