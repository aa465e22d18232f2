package io.netyard.kernel.route;

import io.netyard.api.Text;
import java.util.Optional;

/** How an interface carries the name of who made it: in its alias (IFLA_IFALIAS), which {@code ip link} shows. */
public final class OwnerAlias {

    /** What the alias of an interface made by Netyard starts with. */
    public static final String PREFIX = "netyard:";

    private OwnerAlias() {}

    /** @param owner a lab's name, or {@link io.netyard.api.link.Links#HAND_MADE} */
    public static String of(String owner) {
        return PREFIX + owner;
    }

    /** Empty if the alias is not one of ours. Made printable, since anyone may set an alias. */
    public static Optional<String> owner(Optional<String> alias) {
        return alias.filter(text -> text.startsWith(PREFIX))
                .map(text -> Text.printable(text.substring(PREFIX.length())));
    }
}
