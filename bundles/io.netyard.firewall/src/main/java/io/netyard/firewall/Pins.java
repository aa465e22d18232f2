package io.netyard.firewall;

import io.netyard.api.Text;
import io.netyard.api.firewall.Layer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The configuration {@code io.netyard.firewall}: {@code backend} for all layers, {@code backend.link}, {@code backend.network} and {@code
 * backend.nat} for one.
 *
 * @param all for layers that have no pin of their own
 * @param mistakes what cannot be made sense of; it counts as not said
 */
record Pins(Optional<String> all, Map<Layer, String> byLayer, List<String> mistakes) {

    static final String PID = "io.netyard.firewall";

    static final Pins NONE = new Pins(Optional.empty(), Map.of(), List.of());

    private static final String KEY = "backend";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,31}");

    Pins {
        byLayer = Map.copyOf(byLayer);
        mistakes = List.copyOf(mistakes);
    }

    static String key(Optional<Layer> layer) {
        return layer.map(one -> KEY + "." + one).orElse(KEY);
    }

    static Pins parse(Map<String, ?> properties) {
        Optional<String> all = Optional.empty();
        Map<Layer, String> byLayer = new EnumMap<>(Layer.class);
        List<String> mistakes = new ArrayList<>();
        for (Map.Entry<String, ?> property : new TreeMap<>(properties).entrySet()) {
            String key = property.getKey();
            String value = String.valueOf(property.getValue()).strip();
            Optional<Layer> layer = layer(key);
            if (!key.equals(KEY) && layer.isEmpty()) {
                if (key.startsWith(KEY)) {
                    mistakes.add("%s.cfg: there is no key '%s': use backend, backend.link, backend.network, backend.nat"
                            .formatted(PID, Text.printable(key)));
                }
                continue;
            }
            if (value.isEmpty()) {
                continue;
            }
            if (!NAME.matcher(value).matches()) {
                mistakes.add("%s.cfg: %s = '%s' is no backend's name"
                        .formatted(PID, Text.printable(key), Text.printable(value)));
            } else if (layer.isPresent()) {
                byLayer.put(layer.get(), value);
            } else {
                all = Optional.of(value);
            }
        }
        return new Pins(all, byLayer, mistakes);
    }

    private static Optional<Layer> layer(String key) {
        for (Layer layer : Layer.values()) {
            if (key.equals(key(Optional.of(layer)))) {
                return Optional.of(layer);
            }
        }
        return Optional.empty();
    }

    /** The pin that holds for a layer. */
    Optional<String> of(Layer layer) {
        return Optional.ofNullable(byLayer.get(layer)).or(() -> all);
    }

    /** The same with one pin changed or taken away. */
    Pins with(Optional<Layer> layer, Optional<String> backend) {
        Map<Layer, String> changed = new EnumMap<>(Layer.class);
        changed.putAll(byLayer);
        if (layer.isEmpty()) {
            return new Pins(backend, changed, mistakes);
        }
        changed.remove(layer.get());
        backend.ifPresent(name -> changed.put(layer.get(), name));
        return new Pins(all, changed, mistakes);
    }

    /** Whether a pin means a backend: by its name, or by the part of it before a hyphen. */
    static boolean means(String pin, String backend) {
        return backend.equals(pin) || backend.startsWith(pin + "-");
    }
}
