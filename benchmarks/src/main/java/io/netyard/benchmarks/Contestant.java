package io.netyard.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A way to make a network: some nodes at one bridge in a further namespace, each with an address, everything up. */
interface Contestant {

    String name();

    Network build(int nodes) throws IOException, InterruptedException;

    /** A network that is up. Closing it takes it away, however little of it is left. */
    interface Network extends AutoCloseable {

        /** How long it took to make. */
        Duration took();

        /** Paths of its namespaces, the switch's among them. */
        List<String> namespaces() throws IOException, InterruptedException;

        /**
         * Takes it away as one does with this tool, and returns when the tool has.
         *
         * @return when that began, as {@link System#nanoTime}
         */
        long destroy() throws IOException, InterruptedException;

        @Override
        void close() throws IOException, InterruptedException;
    }
}
