package io.netyard.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * Says in one line whether labs can run on this kernel: for the launcher, before anything is started. Prints {@code ok},
 * {@code missing: …} or {@code not permitted: …}; exit status 0 only for the first.
 */
public final class HostProbe {

    private HostProbe() {}

    public static void main(String[] arguments) {
        String verdict = verdict();
        System.out.println(verdict);
        System.exit(verdict.equals("ok") ? 0 : 1);
    }

    private static String verdict() {
        if (!KernelFeatures.canCreateNamespaces()) {
            return "not permitted: making network namespaces needs root (CAP_SYS_ADMIN)";
        }
        List<String> missing = new ArrayList<>();
        if (!KernelFeatures.bridgeVlanFiltering()) {
            missing.add("bridge VLAN filtering");
        }
        if (!KernelFeatures.vlanSubinterfaces()) {
            missing.add("802.1Q subinterfaces");
        }
        return missing.isEmpty() ? "ok" : "missing: " + String.join(", ", missing);
    }
}
