package io.netyard.netns;

import io.netyard.api.inventory.NamespaceId;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a user's word for a namespace is by its form. No I/O. */
sealed interface Meant {

    /** The highest pid that a Linux kernel gives (PID_MAX_LIMIT, linux/threads.h); the inodes of namespaces are above it. */
    long HIGHEST_PID = 4_194_304;

    Pattern DIGITS = Pattern.compile("\\d{1,18}");

    /** The appliance's own. */
    record Host() implements Meant {}

    record Pid(long pid) implements Meant {}

    /** Digits that can be no pid: an inode, of whatever type. */
    record Inode(long inode) implements Meant {}

    record Id(NamespaceId id) implements Meant {}

    record File(String path) implements Meant {}

    /** A node, a container or a host name. */
    record Name(String name) implements Meant {}

    static Meant parse(String word) {
        if (word.equals("host")) {
            return new Host();
        }
        if (DIGITS.matcher(word).matches()) {
            long number = Long.parseLong(word);
            return number <= HIGHEST_PID ? new Pid(number) : new Inode(number);
        }
        Optional<NamespaceId> id = NamespaceId.parse(word);
        if (id.isPresent()) {
            return new Id(id.get());
        }
        return word.startsWith("/") ? new File(word) : new Name(word);
    }
}
