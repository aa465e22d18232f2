package io.netyard.firewall;

import io.netyard.api.RequestException;
import java.io.IOException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Optional;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Where pins are kept. */
interface PinStore {

    /** @param backend empty removes the key */
    void store(String key, Optional<String> backend);

    /** The configuration of this bundle, from where it gets into its file in etc/. */
    static PinStore in(ConfigurationAdmin configurations) {
        return (key, backend) -> {
            try {
                Configuration configuration = configurations.getConfiguration(Pins.PID, "?");
                Dictionary<String, Object> properties = configuration.getProperties();
                if (properties == null) {
                    properties = new Hashtable<>();
                }
                if (backend.isPresent()) {
                    properties.put(key, backend.get());
                } else {
                    properties.remove(key);
                }
                configuration.update(properties);
            } catch (IOException e) {
                throw new RequestException(
                        "the configuration %s cannot be written (%s)".formatted(Pins.PID, e.getMessage()), e);
            }
        };
    }
}
