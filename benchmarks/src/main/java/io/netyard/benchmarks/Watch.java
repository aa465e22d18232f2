package io.netyard.benchmarks;

import java.io.IOException;
import java.util.List;

/** Waits until the kernel has freed some network namespaces: see {@code namespaces_freed.c} for how that is known. */
final class Watch implements AutoCloseable {

    private final Conversation program;

    /** @param namespaces their paths; none of them is kept alive */
    Watch(Programs programs, List<String> namespaces) throws IOException, InterruptedException {
        program = programs.namespacesFreed();
        for (String each : namespaces) {
            program.say(each);
        }
        program.say("");
        program.expect("watching");
    }

    /** @return when all of them had been freed, as {@link System#nanoTime} */
    long freed() throws IOException, InterruptedException {
        return Long.parseLong(program.hear());
    }

    @Override
    public void close() throws IOException, InterruptedException {
        program.close();
    }
}
