package io.netyard.api.lab;

import io.netyard.api.IpPrefix;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Whom a node asks: another node of the lab, or an address with a name.
 *
 * @param name of a node or of an address
 * @param address empty if it is a node: then the one that suits the asking node best is taken
 */
public record Target(String name, Optional<InetAddress> address) {

    public static Target node(String name) {
        return new Target(name, Optional.empty());
    }

    /** What it is called in a sentence: with its address if that is what it stands for. */
    public String described() {
        return address.map(at -> name + " (" + IpPrefix.text(at) + ")").orElse(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
