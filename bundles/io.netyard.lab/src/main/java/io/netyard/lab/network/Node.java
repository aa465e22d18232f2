package io.netyard.lab.network;

import io.netyard.api.InterfaceName;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.routing.SysctlName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A namespace.
 *
 * @param name as in the file; {@link #HOST} is the appliance's own
 * @param devices the lab's interfaces in it, by name, in the file's order; without the loopback
 * @param settings what it has beside its interfaces
 */
public record Node(String name, Origin origin, Map<InterfaceName, Device> devices, Settings settings) {

    /** The namespace that the appliance runs in. */
    public static final String HOST = "host";

    /**
     * With the value 1 no interface of the namespace speaks IPv6, those that are yet to come included (addrconf_disable_ipv6 in
     * net/ipv6/addrconf.c).
     */
    public static final SysctlName NO_IPV6 = SysctlName.parse("net.ipv6.conf.all.disable_ipv6");

    /** Who makes it. One that comes from elsewhere is another node. */
    public sealed interface Origin {}

    /** The lab. @param holder what keeps it alive: the name of a {@link io.netyard.api.netns.NamespaceHolder} */
    public record Made(String holder) implements Origin {}

    /** Somebody else: the lab adds to it and leaves what it finds as it was. */
    public record Attached(ForeignNamespace what) implements Origin {}

    /** It is there before Netyard, and treated like one that is attached. */
    public record Host() implements Origin {}

    public Node {
        devices = Collections.unmodifiableMap(new LinkedHashMap<>(devices));
    }

    public Node withDevices(Map<InterfaceName, Device> changed) {
        return new Node(name, origin, changed, settings);
    }

    public Node withSettings(Settings changed) {
        return new Node(name, origin, devices, changed);
    }

    /** Without IPv6, if the lab makes it: what others have made stays as it is. */
    public Node withoutIpv6() {
        return origin instanceof Made ? withSettings(settings.withSysctls(Map.of(NO_IPV6, "1"))) : this;
    }

    public boolean isHost() {
        return origin instanceof Host;
    }

    /** What it is attached to, if it is attached. */
    public Optional<ForeignNamespace> attached() {
        return origin instanceof Attached attached ? Optional.of(attached.what()) : Optional.empty();
    }
}
