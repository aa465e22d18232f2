package io.netyard.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What Netyard is compared with. Each is a program that makes the network when it starts and takes it away when told to. */
enum Tool {
    KERNEL_LIMIT("kernel limit") {
        @Override
        Contestant.Network build(Programs programs, int nodes) throws IOException, InterruptedException {
            Conversation program = programs.kernelLimit(nodes);
            return opened(program, () -> Duration.ofNanos(Long.parseLong(program.hear())), "");
        }

        @Override
        List<String> namespaces(long pid) throws IOException {
            List<String> paths = new ArrayList<>();
            try (Stream<Path> descriptors = Files.list(Path.of("/proc/" + pid + "/fd"))) {
                for (Path descriptor : descriptors.toList()) {
                    if (Files.readSymbolicLink(descriptor).toString().startsWith("net:")) {
                        paths.add(descriptor.toString());
                    }
                }
            }
            return paths;
        }
    },

    IP_BATCH("ip -batch") {
        @Override
        Contestant.Network build(Programs programs, int nodes) throws IOException, InterruptedException {
            long start = System.nanoTime();
            Conversation program = programs.ipBatch(nodes);
            return opened(program, () -> until("built", program, start), "deleted");
        }

        @Override
        List<String> namespaces(long pid) throws IOException {
            try (Stream<Path> names = Files.list(Path.of("/proc/" + pid + "/root/run/netns"))) {
                return names.map(Path::toString).toList();
            }
        }
    },

    MININET("Mininet") {
        @Override
        Contestant.Network build(Programs programs, int nodes) throws IOException, InterruptedException {
            long start = System.nanoTime();
            Conversation program = programs.mininet(nodes);
            return opened(program, () -> until("built", program, start), "deleted");
        }

        /** They are those of processes; these end before Mininet does. */
        @Override
        List<String> namespaces(long pid) {
            return List.of();
        }
    };

    private final String label;

    Tool(String label) {
        this.label = label;
    }

    abstract Contestant.Network build(Programs programs, int nodes) throws IOException, InterruptedException;

    /** @param pid of the program */
    abstract List<String> namespaces(long pid) throws IOException;

    Contestant with(Programs programs) {
        return new Contestant() {
            @Override
            public String name() {
                return label;
            }

            @Override
            public Network build(int nodes) throws IOException, InterruptedException {
                return Tool.this.build(programs, nodes);
            }
        };
    }

    private interface Start {
        Duration took() throws IOException, InterruptedException;
    }

    private static Duration until(String answer, Conversation program, long start)
            throws IOException, InterruptedException {
        program.expect(answer);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** @param farewell what it says when it has taken the network away; empty if that is done by its end */
    Contestant.Network opened(Conversation program, Start start, String farewell)
            throws IOException, InterruptedException {
        Duration took;
        try {
            took = start.took();
        } catch (IOException | InterruptedException e) {
            program.close();
            throw e;
        }
        return new Contestant.Network() {
            @Override
            public Duration took() {
                return took;
            }

            @Override
            public List<String> namespaces() throws IOException {
                return Tool.this.namespaces(program.pid());
            }

            @Override
            public long destroy() throws IOException, InterruptedException {
                long began = System.nanoTime();
                if (farewell.isEmpty()) {
                    program.close();
                } else {
                    program.say("delete");
                    program.expect(farewell);
                }
                return began;
            }

            @Override
            public void close() throws IOException, InterruptedException {
                program.close();
            }
        };
    }
}
