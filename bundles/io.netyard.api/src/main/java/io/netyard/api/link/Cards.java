package io.netyard.api.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.NetnsRef;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Interfaces of the host, network cards above all, that are handed into a namespace for a time. What they were (name, up or down, MTU,
 * addresses, routes of every table, permanent or by gateway) is written to /run/netyard/cards before anything is changed, and put back when they
 * return, also after a crash at any point. Safe for use from several threads.
 */
@ProviderType
public interface Cards {

    /**
     * Moves an interface of the host's namespace into another one. There it is down and has no addresses.
     *
     * @param as its name there
     * @param owner a lab's name, or {@link Links#HAND_MADE}
     * @param force also if the host's default route goes through it
     * @throws io.netyard.api.RequestException if it is lent already, is {@code lo}, belongs to a lab, is a port of a bridge, carries
     *     subinterfaces, a route with several next hops or (without {@code force}) the host's default route
     * @throws io.netyard.api.KernelException if the kernel does not let it go: some kinds of interfaces belong to one namespace for ever
     */
    Lent lend(InterfaceName hostInterface, NetnsRef to, InterfaceName as, String owner, boolean force);

    /**
     * Moves it back and makes it what it was. What cannot be put back (a route by a gateway that is not reachable any more) is told; the
     * rest is.
     *
     * @return what could not be put back, as one line each; empty if all could
     * @throws io.netyard.api.RequestException if it is not lent
     */
    List<String> giveBack(InterfaceName hostInterface);

    /** All that are lent, by name. */
    List<Lent> lent();

    /**
     * Makes those what they were that came back by themselves: when a namespace ends, the kernel moves hardware back to the host, down, and
     * deletes virtual interfaces such as veth ends, which then are forgotten. Also ends what a crash has left half-done. Done at start, too.
     *
     * @return what was restored or forgotten, or could not be put back, as one line each
     */
    List<String> restoreReturned();

    /**
     * @param name in the host's namespace
     * @param netns where it is
     * @param as its name there
     */
    record Lent(InterfaceName name, NetnsRef netns, InterfaceName as, String owner) {}
}
