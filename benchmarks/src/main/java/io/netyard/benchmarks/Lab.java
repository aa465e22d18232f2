package io.netyard.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Netyard as a contestant: a lab file, applied and destroyed inside the console. */
final class Lab implements Contestant {

    static final String NAME = "bench-nodes";

    private final Appliance appliance;
    private final Path directory;
    private final String holder;

    /** @param directory for the lab file */
    Lab(Appliance appliance, Path directory, String holder) {
        this.appliance = appliance;
        this.directory = directory;
        this.holder = holder;
    }

    @Override
    public String name() {
        return "Netyard, " + holder;
    }

    /** The path of the file is the same for every size: applied to a lab that is up, it changes it. */
    Path file(int nodes) throws IOException {
        StringBuilder text = new StringBuilder("lab: " + NAME + "\nnodes:\n");
        StringBuilder links = new StringBuilder("links:\n");
        for (int i = 0; i < nodes; i++) {
            text.append(
                    "  n%d: {holder: %s, interfaces: {eth0: {addresses: [%s/16]}}}%n".formatted(i, holder, address(i)));
            links.append("  l%d: [\"n%d:eth0\", \"switch:p%d\"]%n".formatted(i, i, i));
        }
        text.append("  switch: {holder: %s}%nswitches:%n  brx:%n    node: switch%n    ports: [".formatted(holder));
        for (int i = 0; i < nodes; i++) {
            text.append(i == 0 ? "p" : ", p").append(i);
        }
        return Files.writeString(
                directory.resolve(NAME + "-" + holder + ".yaml"),
                text.append("]\n").append(links));
    }

    private static String address(int node) {
        return "10.5.%d.%d".formatted(node / 250, node % 250 + 1);
    }

    @Override
    public Up build(int nodes) throws IOException, InterruptedException {
        Path file = file(nodes);
        Guard guard = appliance.guard("lab:destroy " + NAME);
        try {
            return new Up(
                    guard, nodes, file, appliance.time("lab:apply " + file).took());
        } catch (IOException | InterruptedException e) {
            guard.close();
            throw e;
        }
    }

    /** It is destroyed also if this JVM is killed. */
    final class Up implements Network {

        private final Guard guard;
        private final int nodes;
        private final Path file;
        private final Duration took;
        private boolean isGone;

        private Up(Guard guard, int nodes, Path file, Duration took) {
            this.guard = guard;
            this.nodes = nodes;
            this.file = file;
            this.took = took;
        }

        @Override
        public Duration took() {
            return took;
        }

        /** What makes less is faster: the first node reaches the last one, and nothing is left to do. */
        void check() throws IOException, InterruptedException {
            appliance.run("netns:exec %s/n0 ping -c 1 -W 5 %s".formatted(NAME, address(nodes - 1)));
            String plan = appliance.run("lab:plan --commands " + file).output();
            if (plan.contains("ip ")) {
                throw new IOException("%s is up, and its plan is not empty: %s".formatted(NAME, plan));
            }
        }

        /** Applies the same file again. */
        Duration again() throws IOException, InterruptedException {
            return appliance.time("lab:apply " + file).took();
        }

        /** Proves that each node reaches each other one. */
        Duration verify() throws IOException, InterruptedException {
            return appliance.time("lab:verify " + NAME).took();
        }

        @Override
        public List<String> namespaces() throws IOException, InterruptedException {
            return appliance
                    .run("netns:list -o name,path")
                    .output()
                    .lines()
                    .filter(line -> line.startsWith(NAME + "/"))
                    .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .toList();
        }

        @Override
        public long destroy() throws IOException, InterruptedException {
            long began = appliance.time("lab:destroy " + NAME).start();
            isGone = true;
            return began;
        }

        @Override
        public void close() throws IOException, InterruptedException {
            if (!isGone) {
                destroy();
            }
            guard.close();
        }
    }
}
