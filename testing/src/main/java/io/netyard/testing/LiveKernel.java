package io.netyard.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that changes a real kernel: it needs root and, where it says so, features that not every kernel has. Where they
 * are missing it is skipped with a message that says on which kernel it runs.
 *
 * <p>On a class it also checks that the class leaves nothing behind on the host: see {@link HostTraces}. Such classes run one at a
 * time, over all JVMs of the machine. Name them {@code *LiveTest}.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(LiveKernelExtension.class)
public @interface LiveKernel {

    /** What is needed beyond the right to make network namespaces. */
    Feature[] needs() default {};

    /**
     * What the kernel must not have: for tests of what users are told where it is missing. Not every host has such a kernel, so these
     * may be skipped everywhere.
     */
    Feature[] without() default {};
}
