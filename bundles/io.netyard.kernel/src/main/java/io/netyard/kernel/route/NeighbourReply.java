package io.netyard.kernel.route;

import io.netyard.api.MacAddress;
import io.netyard.api.VlanId;
import io.netyard.api.routing.Neighbour;
import io.netyard.kernel.AttributeReader;
import io.netyard.kernel.NetlinkMessage;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A neighbour, or a line of a forwarding database, as RTM_NEWNEIGH describes it.
 *
 * @param family AF_INET, AF_INET6, or AF_BRIDGE for a forwarding database
 * @param index ifindex of the interface behind which it is
 * @param state NUD_*, linux/neighbour.h
 * @param flags NTF_*, linux/neighbour.h
 * @param address the neighbour's network-layer address; empty in a forwarding database
 * @param mac empty while it is not resolved
 * @param vlan NDA_VLAN
 * @param controller NDA_MASTER: the bridge that the entry belongs to
 */
public record NeighbourReply(
        int family,
        int index,
        int state,
        int flags,
        Optional<InetAddress> address,
        Optional<MacAddress> mac,
        Optional<VlanId> vlan,
        OptionalInt controller) {

    // linux/neighbour.h
    private static final int NUD_INCOMPLETE = 0x01;
    private static final int NUD_REACHABLE = 0x02;
    private static final int NUD_STALE = 0x04;
    private static final int NUD_DELAY = 0x08;
    private static final int NUD_PROBE = 0x10;
    private static final int NUD_FAILED = 0x20;
    private static final int NUD_NOARP = 0x40;
    private static final int NTF_SELF = 0x02;
    private static final int NTF_EXT_LEARNED = 0x10;

    /** Those of {@code messages} that describe an entry, in their order. */
    public static List<NeighbourReply> listOf(List<NetlinkMessage> messages) {
        return messages.stream()
                .filter(message ->
                        message.type() == NeighbourRequests.RTM_NEWNEIGH && message.payload().length >= Headers.NDMSG)
                .map(NeighbourReply::of)
                .toList();
    }

    private static NeighbourReply of(NetlinkMessage message) {
        ByteBuffer header = Headers.read(message.payload());
        AttributeReader attributes = new AttributeReader(message.payload(), Headers.NDMSG);
        return new NeighbourReply(
                header.get(0) & 0xff,
                header.getInt(4),
                header.getShort(8) & 0xffff,
                header.get(10) & 0xff,
                attributes.get(NeighbourRequests.NDA_DST).flatMap(dst -> InternetAddresses.of(dst.value())),
                attributes
                        .get(NeighbourRequests.NDA_LLADDR)
                        .map(AttributeReader.Attribute::value)
                        .filter(octets -> octets.length == MacAddress.LENGTH)
                        .map(MacAddress::of),
                attributes
                        .get(NeighbourRequests.NDA_VLAN)
                        .map(AttributeReader.Attribute::u16)
                        .filter(vid -> vid >= VlanId.MIN && vid <= VlanId.MAX)
                        .map(VlanId::new),
                attributes.u32(NeighbourRequests.NDA_MASTER));
    }

    /** True for a line of that bridge's own table; false for the address filters of its ports, which the same dump brings. */
    public boolean isForwardingEntryOf(int bridge) {
        return controller.isPresent() && controller.getAsInt() == bridge && (flags & NTF_SELF) == 0;
    }

    /** True if it came from traffic and will age: neither permanent, static nor put there by software. */
    public boolean isLearned() {
        return (state & (NeighbourRequests.NUD_PERMANENT | NUD_NOARP)) == 0 && (flags & NTF_EXT_LEARNED) == 0;
    }

    /** Of an IPv4 or IPv6 neighbour; empty for those that need no asking (groups, broadcast) and for those not asked for yet. */
    public Optional<Neighbour.State> neighbourState() {
        return switch (state) {
            case NUD_INCOMPLETE -> Optional.of(Neighbour.State.INCOMPLETE);
            case NUD_REACHABLE -> Optional.of(Neighbour.State.REACHABLE);
            case NUD_STALE -> Optional.of(Neighbour.State.STALE);
            case NUD_DELAY -> Optional.of(Neighbour.State.DELAY);
            case NUD_PROBE -> Optional.of(Neighbour.State.PROBE);
            case NUD_FAILED -> Optional.of(Neighbour.State.FAILED);
            case NeighbourRequests.NUD_PERMANENT -> Optional.of(Neighbour.State.PERMANENT);
            default -> Optional.empty();
        };
    }
}
