package io.netyard.kernel;

import io.netyard.kernel.KernelTrial.Outcome;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Says in one line whether labs can run here, on this kernel and with these rights: for the launcher, before anything is started. Prints
 * {@code ok}, {@code missing: …} (some labs cannot) or {@code not permitted: …} (none can); exit status 0 only for the first.
 */
public final class HostProbe {

    /** What some labs do without. */
    private static final Set<KernelTrial> FOR_SOME_LABS =
            EnumSet.of(KernelTrial.VLAN_FILTERING, KernelTrial.VLAN_SUBINTERFACE);

    private HostProbe() {}

    public static void main(String[] arguments) {
        String verdict = verdict(KernelTrial::run);
        System.out.println(verdict);
        System.exit(verdict.equals("ok") ? 0 : 1);
    }

    static String verdict(Function<KernelTrial, Outcome> trials) {
        if (trials.apply(KernelTrial.NAMESPACES) != Outcome.WORKS) {
            return "not permitted: making network namespaces needs root (CAP_SYS_ADMIN)";
        }
        Set<KernelTrial> refused = EnumSet.noneOf(KernelTrial.class);
        Set<KernelTrial> missing = EnumSet.noneOf(KernelTrial.class);
        for (KernelTrial trial : EnumSet.complementOf(EnumSet.of(KernelTrial.NAMESPACES))) {
            switch (trials.apply(trial)) {
                case REFUSED -> refused.add(trial);
                case MISSING -> missing.add(trial);
                case WORKS -> {}
            }
        }
        if (!refused.isEmpty()) {
            return "not permitted: network namespaces can be made, but in them this is refused: " + words(refused);
        }
        if (!FOR_SOME_LABS.containsAll(missing)) {
            return "not permitted: this kernel lacks what every lab needs: " + words(missing);
        }
        return missing.isEmpty() ? "ok" : "missing: " + words(missing);
    }

    private static String words(Set<KernelTrial> trials) {
        return trials.stream().map(KernelTrial::words).collect(Collectors.joining(", "));
    }
}
