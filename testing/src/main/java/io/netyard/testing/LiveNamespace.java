package io.netyard.testing;

import io.netyard.api.NetnsRef;
import io.netyard.api.netns.Netns;
import io.netyard.kernel.NamespaceThread;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A namespace of the running kernel that lasts until it is closed; a thread holds it, so nothing is left if the JVM dies. */
public final class LiveNamespace implements AutoCloseable {

    /** In seconds: what any of the small commands here may take, even on a slow kernel. */
    private static final int COMMAND_SECONDS = 30;

    private final String name;
    private final CountDownLatch end = new CountDownLatch(1);
    private final CompletableFuture<NetnsRef> ready = new CompletableFuture<>();
    private final Thread holder;
    private final NetnsRef ref;

    public LiveNamespace(String name) {
        this.name = name;
        holder = new Thread(this::hold, "holder of " + name);
        holder.setDaemon(true);
        holder.start();
        ref = ready.join();
    }

    private void hold() {
        try {
            NamespaceThread.callInNew(name, () -> {
                NetnsRef here = NamespaceThread.current();
                ready.complete(new NetnsRef(here.inode(), here.net(), Optional.empty()));
                end.await();
                return null;
            });
        } catch (RuntimeException e) {
            ready.completeExceptionally(e);
        }
    }

    public NetnsRef ref() {
        return ref;
    }

    public Netns asNetns() {
        return new Netns(
                ref,
                Netns.Origin.OWN,
                Optional.of(name),
                Optional.empty(),
                Optional.of("test"),
                OptionalLong.empty(),
                0,
                name,
                "");
    }

    /** What a command prints inside, standard error included; the kernel's state as iproute2 sees it. */
    public String run(String... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("nsenter", "--net=" + ref.net()));
        words.addAll(List.of(command));
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(words + " did not end");
            }
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() throws InterruptedException {
        end.countDown();
        holder.join(TimeUnit.SECONDS.toMillis(COMMAND_SECONDS));
        // Java takes a thread for ended a moment before the kernel lets go of what it held.
        long deadline = System.nanoTime() + Eventually.LIMIT.toNanos();
        while (Files.exists(ref.net()) && System.nanoTime() < deadline) {
            Thread.sleep(1);
        }
    }
}
