package io.netyard.lab.drift;

import io.netyard.api.lab.Difference;

/** Is told when a lab begins to differ from what it is meant to be, and when it ends. Called on one thread; must not wait. */
public interface DriftListener {

    /** @param difference one that was not there before */
    void drifted(String lab, Difference difference);

    /** @param difference one that was told and is not there any more */
    void repaired(String lab, Difference difference);
}
