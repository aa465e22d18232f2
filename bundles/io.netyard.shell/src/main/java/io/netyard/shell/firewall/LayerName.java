package io.netyard.shell.firewall;

import io.netyard.api.Text;
import io.netyard.api.firewall.Layer;

/** A layer as users write it. */
final class LayerName {

    private LayerName() {}

    static Layer parse(String word) {
        for (Layer layer : Layer.values()) {
            if (layer.toString().equals(word)) {
                return layer;
            }
        }
        throw new IllegalArgumentException(
                "there is no layer '%s': use link, network or nat".formatted(Text.printable(word)));
    }
}
