package io.netyard.proof;

import io.netyard.api.NetyardException;
import io.netyard.api.lab.Check;
import io.netyard.api.lab.Check.Connection;
import io.netyard.api.proof.Verdict.Tcp;
import io.netyard.kernel.NamespaceThread;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TCP connection attempts, all at the same time, and whom their servers see. The servers are sockets of ours in the nodes where
 * connections are to arrive; a node whose port is taken serves by itself. For one run, on one thread.
 */
final class TcpRun implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TcpRun.class);

    /** How often one is tried that should succeed. */
    private static final int ATTEMPTS = 3;

    private record Door(String node, int port, boolean ipv6) {}

    private final class Attempt {
        private final int index;
        private final Check.Tcp check;
        private InetAddress target;
        private SocketChannel channel;
        private boolean ownServer;
        private boolean connected;
        private Optional<Connection> outcome = Optional.empty();
        private Optional<InetAddress> peer = Optional.empty();
        private long sentNanos;
        private String detail = "";

        Attempt(int index, Check.Tcp check) {
            this.index = index;
            this.check = check;
        }

        Tcp result() {
            if (connected && outcome.isEmpty() && detail.isEmpty()) {
                detail = "connected, but not to the listener opened for it in "
                        + check.server().map(Check.Server::node).orElse("");
            }
            Connection observed = outcome.orElse(connected ? Connection.OK : Connection.FAIL);
            return new Tcp(check.from(), check.label(), check.connection(), check.peer(), observed, peer, detail);
        }
    }

    private final long run = new SecureRandom().nextLong();
    private final Nodes nodes;
    private final Patience patience;
    private final List<Attempt> attempts = new ArrayList<>();
    /** An empty one where the port is taken. */
    private final Map<Door, Optional<ServerSocketChannel>> servers = new HashMap<>();

    private final List<SelectableChannel> open = new ArrayList<>();
    private Selector selector;
    private long lastSentNanos;

    TcpRun(Nodes nodes, List<Check.Tcp> wanted, Patience patience) {
        this.nodes = nodes;
        this.patience = patience;
        wanted.forEach(check -> attempts.add(new Attempt(attempts.size(), check)));
    }

    /** @return one result for each, in their order */
    List<Tcp> measure() {
        if (attempts.isEmpty()) {
            return List.of();
        }
        try {
            // Opened here: what it starts for the whole JVM must not start inside a namespace.
            selector = Selector.open();
            SocketChannel.open().close();
            attempts.forEach(this::prepare);
            for (int i = 0; i < ATTEMPTS; i++) {
                boolean first = i == 0;
                List<Attempt> due = attempts.stream()
                        .filter(attempt -> attempt.detail.isEmpty()
                                && (first
                                        || attempt.check.connection() == Connection.OK
                                                && !attempt.connected
                                                && !attempt.outcome.equals(Optional.of(Connection.OK))))
                        .toList();
                if (due.isEmpty()) {
                    break;
                }
                due.forEach(this::connect);
                await(due);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("TCP connections cannot be tried", e);
        }
        return attempts.stream().map(Attempt::result).toList();
    }

    private void prepare(Attempt attempt) {
        Check.Tcp check = attempt.check;
        attempt.detail = nodes.unusable(check.from())
                .or(() -> nodes.unusable(check.to()))
                .orElse("");
        if (!attempt.detail.isEmpty()) {
            return;
        }
        Optional<InetAddress> target = nodes.address(check.from(), check.to());
        if (target.isEmpty()) {
            attempt.detail = "%s has no address that %s could ask".formatted(check.to(), check.from());
            return;
        }
        attempt.target = target.get();
        if (check.server().isPresent()) {
            Check.Server server = check.server().get();
            attempt.detail = nodes.unusable(server.node()).orElse("");
            if (attempt.detail.isEmpty()) {
                try {
                    attempt.ownServer = servers.computeIfAbsent(
                                    new Door(server.node(), server.port(), attempt.target instanceof Inet6Address),
                                    this::serve)
                            .isPresent();
                } catch (NetyardException | UncheckedIOException e) {
                    attempt.detail = "%s cannot listen: %s".formatted(server.node(), e.getMessage());
                }
            }
        }
    }

    private Optional<ServerSocketChannel> serve(Door door) {
        return NamespaceThread.call(nodes.netns(door.node()), () -> {
            ServerSocketChannel channel = ServerSocketChannel.open(family(door.ipv6()));
            open.add(channel);
            try {
                channel.bind(new InetSocketAddress(door.port()));
            } catch (BindException e) {
                LOG.debug("{} has a service at port {}", door.node(), door.port(), e);
                channel.close();
                return Optional.empty();
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
            register(channel, SelectionKey.OP_ACCEPT, door);
            return Optional.of(channel);
        });
    }

    private static ProtocolFamily family(boolean ipv6) {
        return ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }

    private void register(SelectableChannel channel, int interest, Object what) throws IOException {
        channel.configureBlocking(false);
        channel.register(selector, interest, what);
    }

    private void connect(Attempt attempt) {
        close(attempt.channel);
        attempt.outcome = Optional.empty();
        attempt.sentNanos = System.nanoTime();
        lastSentNanos = attempt.sentNanos;
        try {
            attempt.channel = NamespaceThread.call(
                    nodes.netns(attempt.check.from()),
                    () -> SocketChannel.open(family(attempt.target instanceof Inet6Address)));
            open.add(attempt.channel);
            // A reset at the end: nothing of it lingers in the namespace.
            attempt.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            register(attempt.channel, SelectionKey.OP_CONNECT, attempt);
            if (attempt.channel.connect(new InetSocketAddress(attempt.target, attempt.check.port()))) {
                established(attempt);
            }
        } catch (ConnectException e) {
            attempt.outcome = Optional.of(Connection.REFUSED);
        } catch (IOException e) {
            // No route, or a rule that forbids it.
            attempt.outcome = Optional.of(Connection.FAIL);
        } catch (NetyardException e) {
            attempt.detail = "%s cannot be entered: %s".formatted(attempt.check.from(), e.getMessage());
        }
    }

    /** Until the outcome of all is known, or it has been waited for long enough. */
    private void await(List<Attempt> due) throws IOException {
        while (due.stream().anyMatch(attempt -> attempt.outcome.isEmpty() && attempt.detail.isEmpty())) {
            Duration left = patience.now().minusNanos(System.nanoTime() - lastSentNanos);
            if (left.isNegative() || left.isZero()) {
                return;
            }
            selector.select(Math.max(1, left.toMillis()));
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isValid()) {
                    ready(key);
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private void ready(SelectionKey key) {
        if (key.attachment() instanceof Attempt attempt) {
            try {
                if (((SocketChannel) key.channel()).finishConnect()) {
                    established(attempt);
                }
            } catch (ConnectException e) {
                ended(attempt, Connection.REFUSED, key);
            } catch (IOException e) {
                ended(attempt, Connection.FAIL, key);
            }
        } else if (key.channel() instanceof ServerSocketChannel server) {
            accept(server);
        } else {
            read(key, (ByteBuffer) key.attachment());
        }
    }

    private static void ended(Attempt attempt, Connection outcome, SelectionKey key) {
        attempt.outcome = Optional.of(outcome);
        key.cancel();
    }

    private void established(Attempt attempt) throws IOException {
        attempt.connected = true;
        attempt.channel.keyFor(selector).interestOps(0);
        attempt.channel.write(ByteBuffer.wrap(new Token(run, attempt.index, 0).toBytes()));
        patience.saw(Duration.ofNanos(System.nanoTime() - attempt.sentNanos));
        if (!attempt.ownServer) {
            attempt.outcome = Optional.of(Connection.OK);
        }
    }

    private void accept(ServerSocketChannel server) {
        try {
            SocketChannel accepted = server.accept();
            if (accepted != null) {
                open.add(accepted);
                register(accepted, SelectionKey.OP_READ, ByteBuffer.allocate(Token.LENGTH));
            }
        } catch (IOException e) {
            LOG.debug("a connection ended before it was accepted", e);
        }
    }

    /** The mark tells whose connection it is: addresses may have been translated. */
    private void read(SelectionKey key, ByteBuffer mark) {
        SocketChannel accepted = (SocketChannel) key.channel();
        try {
            if (accepted.read(mark) < 0 || !mark.hasRemaining()) {
                key.cancel();
                InetAddress peer = ((InetSocketAddress) accepted.getRemoteAddress()).getAddress();
                Token.of(mark.array())
                        .filter(token -> token.run() == run && token.pair() >= 0 && token.pair() < attempts.size())
                        .ifPresent(token -> {
                            Attempt attempt = attempts.get(token.pair());
                            attempt.peer = Optional.of(peer);
                            attempt.outcome = Optional.of(Connection.OK);
                        });
            }
        } catch (IOException e) {
            key.cancel();
        }
    }

    private static void close(SelectableChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("a socket does not close cleanly", e);
            }
        }
    }

    @Override
    public void close() {
        open.forEach(TcpRun::close);
        if (selector != null) {
            try {
                // Deregisters what was closed, which frees the sockets.
                selector.selectNow();
                selector.close();
            } catch (IOException e) {
                LOG.debug("a selector does not close cleanly", e);
            }
        }
    }
}
