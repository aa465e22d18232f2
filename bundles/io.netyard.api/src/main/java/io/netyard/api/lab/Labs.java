package io.netyard.api.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Labs: files that say what is wanted, made true on this kernel. Changes to one lab are serialised; different labs
 * change at the same time. Safe for use from several threads.
 *
 * <p>What a lab has in namespaces of others it gets back without being asked when one of them has ended and come back: see
 * {@link RunningLab.Attached}.
 */
@ProviderType
public interface Labs {

    /**
     * What {@link #apply} would do; changes nothing.
     *
     * @param stage a stage of the file; empty means the file's default stage, else the last one
     * @throws io.netyard.api.LabFileException if the file is wrong
     * @throws io.netyard.api.RequestException if this host cannot carry it
     */
    Plan plan(Path file, Optional<String> stage);

    /**
     * Makes the kernel match the file, by the smallest change. All of it, or, if a step fails, nothing: what was done is undone.
     *
     * <p>A caller that is interrupted makes it undone as well, is told so by a {@link io.netyard.api.RequestException} and stays interrupted.
     *
     * @param progress called at the beginning of each phase and of each step, on the thread that does it; must not wait
     * @return what was done; empty if the lab was already so
     * @throws io.netyard.api.RequestException also if the lab has a layer-2 loop that nothing closes and does not say that it wants it
     */
    Plan apply(Path file, Optional<String> stage, Consumer<Progress> progress);

    /** What {@link #stage} would do; changes nothing. */
    Plan planStage(String lab, String stage);

    /** Moves a running lab to another of its stages, by the smallest change; all or nothing. */
    Plan stage(String lab, String stage, Consumer<Progress> progress);

    /** What {@link #destroy} would do; changes nothing. */
    Plan planDestroy(String lab);

    /** Removes everything that the lab made. Goes on after a failure and reports it at the end. One that is lost is forgotten. */
    Plan destroy(String lab, Consumer<Progress> progress);

    /** What {@link #recover} would do; changes nothing. */
    Plan planRecovery(String lab);

    /**
     * Brings back a lab that has ended with an earlier run of the machine: its file as it was applied last, at the stage that it was in. What
     * it attaches and is not there is left out, and wired when it is back.
     *
     * @throws io.netyard.api.RequestException if it is not lost, or if it has attached a process by its pid, which means another one now
     */
    Plan recover(String lab, Consumer<Progress> progress);

    /**
     * Whether a lab is to be brought back after a restart of the machine, as soon as the appliance is there. Holds until it is changed again
     * or a file is applied that says something else.
     *
     * @throws io.netyard.api.RequestException if there is no such lab, or if it attaches a process by its pid
     */
    void setAutostart(String lab, boolean autostart);

    /** Names of the labs that are there, also those made before this JVM started, and those that are lost. */
    List<String> names();

    /** @throws io.netyard.api.RequestException if there is no such lab, or nobody knows its file */
    RunningLab running(String lab);

    /**
     * What differs between a lab as it is meant to be and the kernel. Reads; waits for no change.
     *
     * @throws io.netyard.api.RequestException if there is no such lab
     */
    LabStatus status(String lab);

    /** What {@link #repair} would do; changes nothing. */
    Plan planRepair(String lab);

    /**
     * Makes a lab again what it is meant to be, by the smallest change; all or nothing. Attached nodes that are not there are left out, with
     * all that cannot be without them.
     *
     * @return what was done; empty if nothing differed
     */
    Plan repair(String lab, Consumer<Progress> progress);

    /**
     * What {@link #accept} would write; changes nothing.
     *
     * @throws io.netyard.api.RequestException as {@link #accept} does
     */
    Acceptance planAccept(String lab);

    /**
     * Writes into a lab's file what differs, so that the lab as it is becomes the lab as it is meant to be: all of it or nothing. Comments
     * and layout of the file stay; it keeps its owner and mode.
     *
     * @throws io.netyard.api.RequestException if a difference cannot be said in the file (each such with the reason), if the file is not the
     *     one that was applied any more, or if it cannot be written
     */
    Acceptance accept(String lab);

    /**
     * How far a change has come.
     *
     * @param phase what is being done
     * @param step the step that begins now, from 1; 0 at the beginning of a phase
     * @param steps how many there are; 0 at the beginning of a phase
     * @param what the step, if one begins
     */
    record Progress(Plan.Phase phase, int step, int steps, Optional<Plan.Step> what) {}
}
