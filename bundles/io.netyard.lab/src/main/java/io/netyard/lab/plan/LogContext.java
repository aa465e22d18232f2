package io.netyard.lab.plan;

import java.util.function.Supplier;
import org.slf4j.MDC;

/**
 * What every log line of a change carries, whoever writes it on the change's thread: the lab, and the node that the step at hand is about.
 * They are in SLF4J's mapped diagnostic context, from where the log's pattern takes them.
 */
public final class LogContext {

    static final String LAB = "lab";
    static final String NODE = "node";

    private LogContext() {}

    /** Does work that is about a lab. */
    public static <T> T about(String lab, Supplier<T> work) {
        return with(LAB, lab, work);
    }

    /** Does work that is about a lab. */
    public static void about(String lab, Runnable work) {
        with(LAB, lab, work);
    }

    /** Does work that is about a node of the lab at hand. */
    static void at(String node, Runnable work) {
        with(NODE, node, work);
    }

    private static void with(String key, String value, Runnable work) {
        with(key, value, () -> {
            work.run();
            return null;
        });
    }

    private static <T> T with(String key, String value, Supplier<T> work) {
        String before = MDC.get(key);
        MDC.put(key, value);
        try {
            return work.get();
        } finally {
            if (before == null) {
                MDC.remove(key);
            } else {
                MDC.put(key, before);
            }
        }
    }
}
