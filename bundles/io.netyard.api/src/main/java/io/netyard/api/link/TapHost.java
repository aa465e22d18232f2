package io.netyard.api.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import java.net.InetAddress;
import java.util.List;

/**
 * A simulated host behind a tap interface.
 *
 * @param addresses those that it answers for
 * @param frames how many frames it has been sent, of any kind
 * @param echoRequests how many ICMP and ICMPv6 echo requests to its addresses it has answered
 * @param connections how many TCP SYNs to its addresses it has refused
 * @param sources who has sent IP packets to its addresses, distinct, in the order of their first packet; the first
 *     {@value TapHosts#MAX_SOURCES} only
 */
public record TapHost(
        NetnsRef netns,
        InterfaceName tap,
        List<InetAddress> addresses,
        MacAddress mac,
        long frames,
        long echoRequests,
        long connections,
        List<InetAddress> sources) {}
