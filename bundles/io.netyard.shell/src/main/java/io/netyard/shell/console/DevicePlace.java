package io.netyard.shell.console;

import io.netyard.api.InterfaceName;
import io.netyard.api.Text;

/**
 * An interface, said with the namespace it is in: {@code NODE:IFACE}.
 *
 * @param node anything that {@link io.netyard.api.netns.Namespaces#resolve} understands
 */
public record DevicePlace(String node, InterfaceName device) {

    /** @param text the last colon separates: interface names have none, {@code net:[INODE]} has one */
    public static DevicePlace parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon <= 0 || colon == text.length() - 1) {
            throw new IllegalArgumentException(
                    "'%s' does not name an interface in a namespace: write NODE:IFACE, e.g. netns1:veth11"
                            .formatted(Text.printable(text)));
        }
        return new DevicePlace(text.substring(0, colon), new InterfaceName(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
        return node + ":" + device;
    }
}
