package io.netyard.lab.plan;

import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.MDC;

/**
 * What every log line of a change carries, whoever writes it on the change's thread: in SLF4J's mapped diagnostic context {@code lab}, and
 * {@code node} while a step is about one. {@code where} is both in one, {@code "exp03/netns1: "}, for a pattern to put before the message:
 * it is empty on lines of other threads.
 */
public final class LogContext {

    private static final String LAB = "lab";
    private static final String NODE = "node";
    private static final String WHERE = "where";

    private LogContext() {}

    /** Does work that is about a lab. */
    public static <T> T about(String lab, Supplier<T> work) {
        return with(Map.of(LAB, lab, WHERE, lab + ": "), work);
    }

    /** As {@link #about(String, Supplier)}. */
    public static void about(String lab, Runnable work) {
        about(lab, () -> {
            work.run();
            return null;
        });
    }

    /** Does work that is about a node of a lab. */
    static void at(String lab, String node, Runnable work) {
        with(Map.of(LAB, lab, NODE, node, WHERE, lab + "/" + node + ": "), () -> {
            work.run();
            return null;
        });
    }

    private static <T> T with(Map<String, String> context, Supplier<T> work) {
        Map<String, String> before = MDC.getCopyOfContextMap();
        context.forEach(MDC::put);
        try {
            return work.get();
        } finally {
            MDC.clear();
            if (before != null) {
                MDC.setContextMap(before);
            }
        }
    }
}
