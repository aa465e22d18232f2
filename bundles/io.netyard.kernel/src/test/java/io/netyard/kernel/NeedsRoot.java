package io.netyard.kernel;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * For tests that make namespaces. Found out by trying: root in a container may be refused. (The annotation of
 * io.netyard.testing is not for this bundle: that module uses this one.)
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@EnabledIf(
        value = "io.netyard.kernel.NeedsRoot$Trial#succeeds",
        disabledReason = "needs root: making network namespaces is refused here")
@interface NeedsRoot {

    /** The trial. */
    final class Trial {

        private Trial() {}

        static boolean succeeds() {
            return KernelFeatures.canCreateNamespaces();
        }
    }
}
