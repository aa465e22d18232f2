package io.netyard.testing;

import io.netyard.kernel.KernelFeatures;
import java.lang.reflect.AnnotatedElement;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link LiveKernel} does. */
final class LiveKernelExtension implements ExecutionCondition, BeforeAllCallback, AfterAllCallback {

    private static final Namespace STORE = Namespace.create(LiveKernelExtension.class);

    /** Asked once: the answer does not change while a JVM lives. */
    private static final class Rights {
        private static final boolean ENOUGH = KernelFeatures.canCreateNamespaces();
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<LiveKernel> live = context.getElement().flatMap(LiveKernelExtension::annotation);
        if (live.isEmpty()) {
            return ConditionEvaluationResult.enabled("needs no kernel");
        }
        if (!Rights.ENOUGH) {
            return ConditionEvaluationResult.disabled(
                    "needs root: runs as root, or in the lab kernel (User-mode Linux) as anybody");
        }
        return Stream.concat(
                        Arrays.stream(live.get().needs())
                                .filter(feature -> !feature.isHere())
                                .map(Feature::missing),
                        Arrays.stream(live.get().without())
                                .filter(Feature::isHere)
                                .map(Feature::present))
                .findFirst()
                .map(ConditionEvaluationResult::disabled)
                .orElse(ConditionEvaluationResult.enabled("this kernel has it all"));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (isOutermost(context)) {
            HostLock.acquire();
            context.getStore(STORE).put("before", HostTraces.now());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (isOutermost(context)) {
            try {
                HostTraces before = context.getStore(STORE).get("before", HostTraces.class);
                if (before != null) {
                    before.requireUnchanged(context.getRequiredTestClass().getSimpleName());
                }
            } finally {
                HostLock.release();
            }
        }
    }

    /** A nested class is part of what its outer class may leave behind. */
    private static boolean isOutermost(ExtensionContext context) {
        return context.getRequiredTestClass().getEnclosingClass() == null;
    }

    private static Optional<LiveKernel> annotation(AnnotatedElement element) {
        return AnnotationSupport.findAnnotation(element, LiveKernel.class);
    }
}
