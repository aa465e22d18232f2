package io.netyard.lab.plan;

import io.netyard.api.KernelException;
import io.netyard.api.RequestException;
import io.netyard.api.lab.Plan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries the operations of a plan out, in their order. */
final class Applier {

    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);

    private final Services services;
    private final Boundary boundary;

    Applier(Services services, Boundary boundary) {
        this.services = services;
        this.boundary = boundary;
    }

    /**
     * @return what was done, with the time that each took
     * @throws RequestException if the caller has had enough
     */
    List<Plan.Step> run(String lab, List<Operation> operations, Course course) {
        Kernel kernel = new Kernel(services, lab);
        try {
            return run(kernel, operations, course);
        } finally {
            kernel.end();
        }
    }

    private List<Plan.Step> run(Kernel kernel, List<Operation> operations, Course course) {
        List<Plan.Step> done = new ArrayList<>();
        for (Operation operation : operations) {
            if (course.isCancelled()) {
                throw new RequestException("interrupted: lab %s stays as it was".formatted(kernel.lab()));
            }
            boundary.reached(done.size(), operations.size());
            course.at(done.size() + 1, operations.size(), step(operation));
            long began = System.nanoTime();
            LogContext.at(kernel.lab(), operation.node(), () -> {
                if (operation instanceof Operation.DeleteDevice delete) {
                    // Of a namespace that has ended the kernel takes the other ends away in its own time.
                    runUnlessGone(delete, kernel);
                } else {
                    if (operation instanceof Operation.CreateNode) {
                        kernel.begin(operations);
                    }
                    operation.run(kernel);
                }
                done.add(done(operation, began));
            });
        }
        boundary.reached(done.size(), operations.size());
        return done;
    }

    /** A step that could not be done. */
    record Failure(Operation operation, RuntimeException reason) {

        /** What was tried and why it was refused, in one line. */
        String sentence() {
            return "%s: %s".formatted(operation.sentence(), reason.getMessage());
        }
    }

    /** @param failures of the steps that are not in {@code done}, in their order */
    record Outcome(List<Plan.Step> done, List<Failure> failures) {}

    /** As {@link #run}, for steps that take something back: goes on after a failure, to take back as much as can be. */
    Outcome runAll(String lab, List<Operation> operations, Course course) {
        Kernel kernel = new Kernel(services, lab);
        List<Plan.Step> done = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            int reached = i;
            course.at(i + 1, operations.size(), step(operation));
            long began = System.nanoTime();
            try {
                LogContext.at(lab, operation.node(), () -> {
                    boundary.reached(reached, operations.size());
                    runUnlessGone(operation, kernel);
                    done.add(done(operation, began));
                });
            } catch (RuntimeException e) {
                failures.add(new Failure(operation, e));
            }
        }
        boundary.reached(operations.size(), operations.size());
        return new Outcome(done, failures);
    }

    /** What is to be deleted may go by itself: a cable with the namespace of its other end, say. */
    private static void runUnlessGone(Operation operation, Kernel kernel) {
        try {
            operation.run(kernel);
        } catch (KernelException e) {
            if (!e.isAbsent()) {
                throw e;
            }
        }
    }

    private static Plan.Step done(Operation operation, long began) {
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        LOG.debug("{} ({} us)", operation.sentence(), took.toNanos() / 1_000);
        return step(operation, Optional.of(took));
    }

    static Plan.Step step(Operation operation) {
        return step(operation, Optional.empty());
    }

    private static Plan.Step step(Operation operation, Optional<Duration> took) {
        return new Plan.Step(
                operation.operation(),
                operation.node(),
                operation.device(),
                operation.sentence(),
                operation.command(),
                took);
    }
}
