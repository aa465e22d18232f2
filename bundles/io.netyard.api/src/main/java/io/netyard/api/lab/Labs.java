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
     * @param progress called before each step, on the thread that takes it
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

    /** Removes everything that the lab made. Goes on after a failure and reports it at the end. */
    Plan destroy(String lab, Consumer<Progress> progress);

    /** Names of the labs that are up, also those made before this JVM started. */
    List<String> names();

    /** @throws io.netyard.api.RequestException if no such lab is up */
    RunningLab running(String lab);

    /** @param step the one that begins now, from 1 */
    record Progress(int step, int steps, Plan.Step what) {}
}
