package io.netyard.api.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.NetnsRef;
import java.net.InetAddress;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Simulated hosts behind tap interfaces: somebody to talk to where no second machine is. A host answers ARP, IPv6 neighbour discovery and
 * ICMP and ICMPv6 echo requests to its addresses, refuses TCP connections, and remembers who asked. It needs no routes: every answer goes
 * back to the neighbour that the question came from.
 *
 * <p>They live in this JVM: while one is attached its tap has a carrier. The taps stay when the JVM ends; attach again afterwards. Safe for
 * use from several threads.
 */
@ProviderType
public interface TapHosts {

    /** How many different sources one host remembers. */
    int MAX_SOURCES = 1_000;

    /**
     * Puts a host behind a tap that exists. Attached once more, it answers for the addresses given now, and its counts start again.
     *
     * @param addresses at least one, IPv4 or IPv6
     * @throws io.netyard.api.RequestException if there is no such tap
     * @throws io.netyard.api.KernelException if another process holds it
     */
    void attach(NetnsRef netns, InterfaceName tap, List<InetAddress> addresses);

    /** Takes the host away; the tap stays, without a carrier. Nothing to do if there is none. */
    void detach(NetnsRef netns, InterfaceName tap);

    /**
     * Those attached now. A host goes by itself with its tap, and when the way that its namespace was named by does not lead there any more:
     * it must not keep alive what has ended for everybody else.
     */
    List<TapHost> list();
}
