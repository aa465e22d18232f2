package io.netyard.kernel.route;

import io.netyard.api.IpPrefix;
import io.netyard.kernel.AttributeReader;
import io.netyard.kernel.NetlinkMessage;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * An address of an interface, as RTM_NEWADDR describes it.
 *
 * @param index ifindex of the interface
 * @param address the interface's own address (IFA_LOCAL where there is one, else IFA_ADDRESS)
 * @param flags IFA_F_*, linux/if_addr.h
 */
public record AddressReply(int index, IpPrefix address, int flags) {

    private static final int IFA_F_TENTATIVE = 0x40;

    /** Those of {@code messages} that describe an IPv4 or IPv6 address, in their order. */
    public static List<AddressReply> listOf(List<NetlinkMessage> messages) {
        return messages.stream()
                .filter(message ->
                        message.type() == AddressRequests.RTM_NEWADDR && message.payload().length >= Headers.IFADDRMSG)
                .map(AddressReply::of)
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<AddressReply> of(NetlinkMessage message) {
        ByteBuffer header = Headers.read(message.payload());
        AttributeReader attributes = new AttributeReader(message.payload(), Headers.IFADDRMSG);
        int length = header.get(1) & 0xff;
        Optional<InetAddress> address = attributes
                .get(AddressRequests.IFA_LOCAL)
                .or(() -> attributes.get(AddressRequests.IFA_ADDRESS))
                .flatMap(attribute -> InternetAddresses.of(attribute.value()));
        return address.map(found -> new AddressReply(
                header.getInt(4),
                new IpPrefix(found, length),
                attributes.u32(AddressRequests.IFA_FLAGS).orElse(header.get(2) & 0xff)));
    }

    /** True while duplicate address detection runs (RFC 4862, 5.4): the address is not usable yet. */
    public boolean isTentative() {
        return (flags & IFA_F_TENTATIVE) != 0;
    }
}
