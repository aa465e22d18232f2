package io.netyard.api.netns;

import io.netyard.api.NetnsRef;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A network namespace as found on this host.
 *
 * @param ref how to reach it
 * @param origin who made it
 * @param name the node's name where Netyard or a lab made or attached it, else empty
 * @param lab the lab it belongs to, if any
 * @param holder what keeps it alive, e.g. {@code process}, {@code pin}, {@code named}; empty for foreign ones
 * @param pid lowest pid in it (for {@code process} holders: the holder's); empty if it has no process
 * @param processes number of processes in it
 * @param hostname host name of its UTS namespace, made printable; empty if it cannot be told
 * @param command command line of {@code pid}, made printable; empty if it cannot be told
 */
public record Netns(
        NetnsRef ref,
        Origin origin,
        Optional<String> name,
        Optional<String> lab,
        Optional<String> holder,
        OptionalLong pid,
        int processes,
        String hostname,
        String command) {

    /** Who made a namespace. */
    public enum Origin {
        /** The one this appliance runs in. */
        HOST,
        /** Made by Netyard, destroyed by Netyard. */
        OWN,
        /** Foreign, known to Netyard by a name; never destroyed. */
        ATTACHED,
        /** Foreign. */
        FOREIGN
    }

    /** {@code LAB/NODE}, {@code NODE}, or the inode in brackets: a name for messages that resolve() understands if there is one. */
    public String label() {
        return name.map(node -> lab.map(owner -> owner + "/" + node).orElse(node))
                .orElseGet(() -> origin == Origin.HOST ? "host" : ref.toString());
    }
}
