package io.netyard.itests;

import io.netyard.api.NetnsRef;
import io.netyard.kernel.NamespaceThread;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Three streams from one namespace to another: numbered datagrams that are allowed, datagrams that are forbidden, and one TCP connection over
 * which bytes go to and fro. Sockets stay in the namespace of the thread that has made them, so the threads here are ordinary ones.
 * Datagrams are sent and received in bursts, through channels that never wait: in a kernel with slow system calls waiting costs more than they do.
 */
final class Traffic implements AutoCloseable {

    static final int ALLOWED = 7000;
    static final int FORBIDDEN = 7001;
    static final int TALK = 7002;

    /** Between bursts, in milliseconds. */
    private static final int TICK = 10;

    private static final int PATIENCE_MILLIS = 30_000;
    private static final int QUIET_MILLIS = 500;
    private static final int BUFFER = 8 << 20;
    private static final int PAYLOAD = 16;

    private final NetnsRef to;
    private final InetAddress address;
    private final int rate;
    private final DatagramChannel mouth;
    private final DatagramChannel ear;
    private final DatagramChannel forbiddenEar;
    private final ServerSocket server;
    private final Socket client;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger sentForbidden = new AtomicInteger();
    private final AtomicInteger heardForbidden = new AtomicInteger();
    private final AtomicInteger exchanges = new AtomicInteger();
    private final BitSet heard = new BitSet();
    private volatile boolean sending = true;
    private volatile boolean listening = true;
    private final long overflownBefore;
    private final long started;
    private long ended;

    /** @param rate allowed datagrams a second; forbidden ones come with them at a tenth of that */
    Traffic(NetnsRef from, NetnsRef to, String address, int rate) throws Exception {
        this.to = to;
        this.address = InetAddress.getByName(address);
        this.rate = rate;
        ear = NamespaceThread.call(to, () -> listener(ALLOWED));
        forbiddenEar = NamespaceThread.call(to, () -> listener(FORBIDDEN));
        mouth = NamespaceThread.call(from, () -> DatagramChannel.open());
        server = NamespaceThread.call(to, () -> new ServerSocket(TALK));
        run("answers", this::answer);
        client = NamespaceThread.call(from, () -> {
            Socket socket = new Socket();
            socket.connect(new InetSocketAddress(this.address, TALK), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            return socket;
        });
        overflownBefore = overflown();
        started = System.nanoTime();
        run("hears", this::hear);
        run("hears what is forbidden", this::hearForbidden);
        run("talks", this::talk);
        run("sends", this::send);
    }

    private static DatagramChannel listener(int port) throws IOException {
        DatagramChannel channel = DatagramChannel.open().bind(new InetSocketAddress(port));
        channel.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
        channel.configureBlocking(false);
        return channel;
    }

    private interface Work {
        void run() throws Exception;
    }

    private void run(String what, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Throwable e) {
                        failure.compareAndSet(null, new AssertionError("the thread that " + what + " has failed", e));
                    }
                },
                "traffic: " + what);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    /** As many as are due by the clock, so that a pause is made up for and the rate holds. */
    private void send() throws Exception {
        ByteBuffer payload = ByteBuffer.allocateDirect(PAYLOAD);
        InetSocketAddress allowed = new InetSocketAddress(address, ALLOWED);
        InetSocketAddress forbidden = new InetSocketAddress(address, FORBIDDEN);
        long begin = System.nanoTime();
        while (sending) {
            int due = (int) ((System.nanoTime() - begin) * rate / TimeUnit.SECONDS.toNanos(1));
            // What overflows the receiver's buffer is no fault of the firewall.
            int burst = Math.min(due, sent.get() + rate / 20);
            while (sent.get() < burst) {
                payload.clear().putInt(0, sent.get());
                mouth.send(payload, allowed);
                if (sent.incrementAndGet() % 10 == 0) {
                    mouth.send(payload.clear(), forbidden);
                    sentForbidden.incrementAndGet();
                }
            }
            Thread.sleep(TICK);
        }
        ended = System.nanoTime();
    }

    private void hear() throws Exception {
        ByteBuffer packet = ByteBuffer.allocateDirect(PAYLOAD);
        while (listening) {
            for (packet.clear(); ear.receive(packet) != null; packet.clear()) {
                synchronized (heard) {
                    heard.set(packet.getInt(0));
                }
            }
            Thread.sleep(TICK / 2);
        }
    }

    private void hearForbidden() throws Exception {
        ByteBuffer packet = ByteBuffer.allocateDirect(PAYLOAD);
        while (listening) {
            for (packet.clear(); forbiddenEar.receive(packet) != null; packet.clear()) {
                heardForbidden.incrementAndGet();
            }
            Thread.sleep(TICK);
        }
    }

    private void answer() throws IOException {
        try (Socket socket = server.accept()) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            for (int number = in.readInt(); number >= 0; number = in.readInt()) {
                out.writeInt(number);
            }
        }
    }

    private void talk() throws Exception {
        DataInputStream in = new DataInputStream(client.getInputStream());
        DataOutputStream out = new DataOutputStream(client.getOutputStream());
        while (sending) {
            int number = exchanges.get();
            out.writeInt(number);
            if (in.readInt() != number) {
                throw new IOException("another answer than was asked for");
            }
            exchanges.incrementAndGet();
            Thread.sleep(2 * TICK);
        }
        out.writeInt(-1);
    }

    int sent() {
        return sent.get();
    }

    int forbiddenThatCameThrough() {
        return heardForbidden.get();
    }

    /**
     * What has become of all that was sent.
     *
     * @param lost allowed datagrams that never reached the other namespace
     * @param overflown those that did, and found the socket's buffer full
     * @param rate allowed datagrams a second, as counted
     */
    record Figures(int sent, int lost, long overflown, int forbidden, int through, int exchanges, int rate) {

        @Override
        public String toString() {
            return "%d allowed packets (%d a second), lost %d%s; %d forbidden, through %d; TCP alive after %d exchanges"
                    .formatted(
                            sent,
                            rate,
                            lost,
                            overflown == 0 ? "" : " (and %d in the receiver's buffer)".formatted(overflown),
                            forbidden,
                            through,
                            exchanges);
        }
    }

    /** Stops sending, waits for what is under way, and counts. */
    Figures finish() throws Exception {
        sending = false;
        Thread sender = threads.get(threads.size() - 1);
        Thread talker = threads.get(threads.size() - 2);
        sender.join(PATIENCE_MILLIS);
        talker.join(PATIENCE_MILLIS);
        int before = -1;
        int now = count();
        while (now != before && now < sent.get()) {
            before = now;
            TimeUnit.MILLISECONDS.sleep(QUIET_MILLIS);
            now = count();
        }
        listening = false;
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
        long overflown = overflown() - overflownBefore;
        return new Figures(
                sent.get(),
                (int) (sent.get() - now - overflown),
                overflown,
                sentForbidden.get(),
                heardForbidden.get(),
                exchanges.get(),
                (int) (sent.get() * TimeUnit.SECONDS.toNanos(1) / (ended - started)));
    }

    private int count() {
        synchronized (heard) {
            return heard.cardinality();
        }
    }

    /** Udp: RcvbufErrors of /proc/net/snmp, which is per namespace. */
    private long overflown() {
        return NamespaceThread.call(to, () -> {
            List<String[]> lines = Files.readAllLines(Path.of("/proc/thread-self/net/snmp")).stream()
                    .filter(line -> line.startsWith("Udp:"))
                    .map(line -> line.split(" "))
                    .toList();
            return Long.parseLong(lines.get(1)[List.of(lines.get(0)).indexOf("RcvbufErrors")]);
        });
    }

    @Override
    public void close() throws IOException {
        sending = false;
        listening = false;
        mouth.close();
        ear.close();
        forbiddenEar.close();
        client.close();
        server.close();
    }
}
