package io.netyard.testing.attack;

import io.netyard.api.InterfaceName;
import io.netyard.api.KernelException;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import io.netyard.kernel.PacketSocket;
import io.netyard.kernel.packet.ArpPacket;
import io.netyard.kernel.packet.EthernetFrame;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A node that means ill, at one of its interfaces. Says what it likes in whatever name. Safe for use from several threads. */
public final class Intruder implements AutoCloseable {

    private static final int SERVICE_TAG = 0x88a8;

    private final PacketSocket socket;

    public Intruder(NetnsRef where, InterfaceName device) {
        socket = PacketSocket.sender(where, device);
    }

    public MacAddress mac() {
        return socket.mac();
    }

    public synchronized void send(EthernetFrame frame) {
        socket.send(frame.toBytes());
    }

    /** The same with the outermost tag as a service tag (IEEE 802.1ad, 0x88a8). */
    public synchronized void sendWithServiceTag(EthernetFrame frame) {
        byte[] bytes = frame.toBytes();
        ByteBuffer.wrap(bytes).putShort(2 * MacAddress.LENGTH, (short) SERVICE_TAG);
        socket.send(bytes);
    }

    /** Tells one host that the intruder has another's address. The host believes it only if it knows that address already. */
    public void claim(Inet4Address address, MacAddress victimMac, Inet4Address victim) {
        send(ArpPacket.reply(mac(), address, victimMac, victim).frame(victimMac, List.of(), new byte[0]));
    }

    /** The same for IPv6, by a neighbour advertisement. */
    public void claim(Inet6Address address, MacAddress victimMac, Inet6Address victim) {
        send(new EthernetFrame(
                victimMac,
                mac(),
                List.of(),
                EthernetFrame.IPV6,
                Packets.neighbourAdvertisement(address, victim, address, mac())));
    }

    /**
     * Claims again and again until closed: a host believes nothing new for a second after a true answer (net.ipv4.neigh.*.locktime).
     *
     * @param claims what to say each time, such as {@code () -> intruder.claim(…)}
     */
    public static AutoCloseable repeatedly(Duration interval, Runnable claims) {
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new Thread(
                () -> {
                    try {
                        do {
                            claims.run();
                        } while (!end.await(interval.toMillis(), TimeUnit.MILLISECONDS));
                    } catch (InterruptedException | KernelException e) {
                        // The interface has gone: so has the attack.
                        end.countDown();
                    }
                },
                "intruder");
        thread.setDaemon(true);
        thread.start();
        return () -> {
            end.countDown();
            thread.join(TimeUnit.SECONDS.toMillis(5));
        };
    }

    /**
     * A broadcast ARP request, marked behind the packet.
     *
     * @param tags VIDs that the intruder puts on itself, outer one first
     * @param as whose hardware address it gives as its own, in the frame and in the packet
     */
    public void arpRequest(List<Integer> tags, MacAddress as, Inet4Address sender, Inet4Address asked, Mark mark) {
        send(ArpPacket.request(as, sender, asked).frame(EthernetFrame.BROADCAST, tags, mark.bytes()));
    }

    /** "Who has this address?" over IPv6, which its owner answers to the hardware address given. */
    public void neighbourSolicitation(List<Integer> tags, MacAddress as, Inet6Address sender, Inet6Address asked) {
        send(new EthernetFrame(
                multicast(Packets.solicitedNode(asked)),
                as,
                tags,
                EthernetFrame.IPV6,
                Packets.neighbourSolicitation(sender, asked, as)));
    }

    /** An echo request in somebody's name, to one host. */
    public void echoRequest(
            List<Integer> tags,
            MacAddress as,
            InetAddress source,
            MacAddress targetMac,
            InetAddress target,
            Mark mark) {
        boolean ipv6 = target instanceof Inet6Address;
        byte[] packet = ipv6
                ? Packets.echoRequest((Inet6Address) source, (Inet6Address) target, mark)
                : Packets.echoRequest((Inet4Address) source, (Inet4Address) target, mark);
        send(new EthernetFrame(targetMac, as, tags, ipv6 ? EthernetFrame.IPV6 : EthernetFrame.IPV4, packet));
    }

    /**
     * Makes itself the IPv6 router of all that hear it, and hands out addresses.
     *
     * @param source the link-local address to claim
     * @param prefix first 64 bits count
     */
    public void routerAdvertisement(List<Integer> tags, Inet6Address source, Inet6Address prefix) {
        // 33:33:00:00:00:01, all nodes (RFC 2464, 7)
        send(new EthernetFrame(
                new MacAddress(0x3333_0000_0001L),
                mac(),
                tags,
                EthernetFrame.IPV6,
                Packets.routerAdvertisement(source, mac(), prefix)));
    }

    /** RFC 2464, 7. */
    private static MacAddress multicast(Inet6Address group) {
        byte[] bytes = group.getAddress();
        return MacAddress.of(new byte[] {0x33, 0x33, bytes[12], bytes[13], bytes[14], bytes[15]});
    }

    @Override
    public synchronized void close() {
        socket.close();
    }
}
