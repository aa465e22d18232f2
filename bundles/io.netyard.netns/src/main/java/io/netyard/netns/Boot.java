package io.netyard.netns;

import io.netyard.api.RequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells the present run of this machine from every other one. The kernel's boot id (random(4)) alone does not: what an appliance sees as its
 * machine may be a container or a PID namespace of its own, which ends and begins anew, with all namespaces in it, while the kernel runs
 * on. So the start of the first process that it sees belongs to it.
 */
final class Boot {

    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private static final long FIRST_PROCESS = 1;

    private Boot() {}

    /** {@code BOOT-ID/TICKS}; where /proc hides process 1 from the appliance there are no ticks. */
    static String current() {
        try {
            return Files.readString(BOOT_ID).strip()
                    + Processes.startTime(FIRST_PROCESS).stream()
                            .mapToObj(ticks -> "/" + ticks)
                            .findFirst()
                            .orElse("");
        } catch (IOException e) {
            throw new RequestException(BOOT_ID + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }
}
