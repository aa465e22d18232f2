package io.netyard.api.lab;

import java.util.List;
import java.util.Optional;

/**
 * How it stands with a lab at the moment.
 *
 * @param stage the one it is meant to be in, if it has stages
 * @param differences in order of the lab's nodes; empty unless {@link State#DIFFERS} or {@link State#INCOMPLETE}
 * @param reason why more cannot be said, for {@link State#LOST} and {@link State#UNKNOWN}
 */
public record LabStatus(
        String lab, State state, Optional<String> stage, List<Difference> differences, Optional<String> reason) {

    public LabStatus {
        differences = List.copyOf(differences);
    }

    /** Whether the lab is as it is meant to be. */
    public enum State {
        /** It is. */
        UP,
        /** Something in it is not: {@link Labs#repair} puts it back. */
        DIFFERS,
        /** All is as meant but for attached nodes that are not there. */
        INCOMPLETE,
        /** A change of it is under way; when that is done it is compared again. */
        CHANGING,
        /** It was up before this host was started anew, and is gone. */
        LOST,
        /** Nobody can say what it is meant to be: no file is known of it. */
        UNKNOWN
    }
}
