package io.netyard.api.lab;

/**
 * What is told about labs on the OSGi EventAdmin, for {@code org.osgi.service.event.EventHandler}s to subscribe to. Every event has the
 * properties {@link #LAB}, {@link #SENTENCE} and {@link #TIME}.
 */
public final class LabEvents {

    /** All of them: for {@code event.topics}. */
    public static final String ALL_TOPICS = "io/netyard/lab/*";

    /** A {@link Difference} has been noticed that was not there before. Has {@link #NODE} and {@link #WHAT} as well. */
    public static final String DRIFT = "io/netyard/lab/DRIFT";

    /** A difference that was told is gone, whoever has removed it. Has the properties of the {@link #DRIFT} that it ends. */
    public static final String REPAIRED = "io/netyard/lab/REPAIRED";

    /** String: name of the lab. */
    public static final String LAB = "lab";

    /** String: name of the node. */
    public static final String NODE = "node";

    /** String: what it is about, the name of a {@link Difference.Kind}. */
    public static final String WHAT = "what";

    /** String: for people. */
    public static final String SENTENCE = "sentence";

    /** java.time.Instant: when it was noticed. */
    public static final String TIME = "time";

    private LabEvents() {}
}
