package io.netyard.api.lab;

/**
 * What is told about labs on the OSGi EventAdmin, for {@code org.osgi.service.event.EventHandler}s to subscribe to. Every event has the
 * properties {@link #LAB} and {@link #TIME}. They are posted, so no handler holds a change up; those of one lab come in their order.
 *
 * <p>A change that finds nothing to do is not told of. One that is refused before it is begun is told of by {@link #FAILED} alone.
 */
public final class LabEvents {

    /** All of them: for {@code event.topics}. */
    public static final String ALL_TOPICS = "io/netyard/lab/*";

    /** A {@link Difference} has been noticed that was not there before. Has {@link #NODE}, {@link #WHAT}, {@link #SENTENCE}. */
    public static final String DRIFT = "io/netyard/lab/DRIFT";

    /** A difference that was told is gone, whoever has removed it. Has the properties of the {@link #DRIFT} that it ends. */
    public static final String REPAIRED = "io/netyard/lab/REPAIRED";

    /** A lab is about to be changed. Has {@link #CHANGE} and {@link #STAGE}. */
    public static final String APPLYING = "io/netyard/lab/APPLYING";

    /** It has been changed as a whole. Has {@link #CHANGE}, {@link #STAGE}, {@link #STEPS}, {@link #MILLIS}. */
    public static final String APPLIED = "io/netyard/lab/APPLIED";

    /** A lab is about to be destroyed. Has {@link #CHANGE}. */
    public static final String DESTROYING = "io/netyard/lab/DESTROYING";

    /** It is gone. Has {@link #CHANGE}, {@link #STEPS}, {@link #MILLIS}. */
    public static final String DESTROYED = "io/netyard/lab/DESTROYED";

    /** A change has not taken place, or a destruction not altogether. Has {@link #CHANGE}, {@link #STAGE}, and why: {@link #SENTENCE}. */
    public static final String FAILED = "io/netyard/lab/FAILED";

    /**
     * How far a change has come, at most four times a second. Has {@link #CHANGE}, {@link #STAGE}, {@link #STEP}, {@link #STEPS}, and
     * of the step that begins {@link #NODE} and {@link #SENTENCE}.
     */
    public static final String PROGRESS = "io/netyard/lab/PROGRESS";

    /** String: name of the lab. */
    public static final String LAB = "lab";

    /** String: name of the node. */
    public static final String NODE = "node";

    /** String: what it is about, the name of a {@link Difference.Kind}. */
    public static final String WHAT = "what";

    /** String: for people. */
    public static final String SENTENCE = "sentence";

    /** String: what was asked for, {@code apply}, {@code stage}, {@code repair}, {@code destroy}, or {@code rewire} when something attached is back. */
    public static final String CHANGE = "change";

    /** String: the stage that the change leads to; missing if the lab has none. */
    public static final String STAGE = "stage";

    /** Integer: the step that begins, from 1. */
    public static final String STEP = "step";

    /** Integer: how many steps there are, or were taken. */
    public static final String STEPS = "steps";

    /** Long: how long it took, in milliseconds. */
    public static final String MILLIS = "millis";

    /** java.time.Instant: when it was noticed, or happened. */
    public static final String TIME = "time";

    private LabEvents() {}
}
