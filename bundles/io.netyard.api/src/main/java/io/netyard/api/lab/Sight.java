package io.netyard.api.lab;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a frame looks at a point: the 802.1Q and 802.1ad tags that it carries there, and how often it comes by.
 *
 * @param tags VIDs, outer one first, 0 to 4095 each; empty if untagged
 * @param copies at least 1
 * @param source address in its IP header, where that matters (address translation changes it on the way)
 */
public record Sight(List<Integer> tags, int copies, Optional<InetAddress> source) {

    public Sight {
        tags = List.copyOf(tags);
        if (copies < 1) {
            throw new IllegalArgumentException("a frame that is seen is seen at least once, not " + copies + " times");
        }
        if (tags.stream().anyMatch(tag -> tag < 0 || tag > 4095)) {
            throw new IllegalArgumentException("the VID of a tag is 0..4095: " + tags);
        }
    }

    /** Seen once, whatever its addresses. */
    public static Sight once(List<Integer> tags) {
        return new Sight(tags, 1, Optional.empty());
    }

    /** {@code none}, {@code 50}, or {@code 50.10} with the outer tag first. */
    public String tagText() {
        return tags.isEmpty() ? "none" : tags.stream().map(String::valueOf).collect(Collectors.joining("."));
    }
}
