package io.netyard.kernel;

import java.nio.file.Files;
import java.nio.file.Path;

/** What this kernel can do with these rights, found by doing it: see {@link KernelTrial}. For any threads. */
public final class KernelFeatures {

    private static final RememberedTrial BRIDGE_VLAN_FILTERING = remembered(KernelTrial.VLAN_FILTERING, "bridge");
    private static final RememberedTrial VLAN_SUBINTERFACES = remembered(KernelTrial.VLAN_SUBINTERFACE, "8021q");

    private KernelFeatures() {}

    /** Whether network namespaces can be made here: by this kernel, with these rights. */
    public static boolean canCreateNamespaces() {
        return works(KernelTrial.NAMESPACES);
    }

    /** Whether bridges here can filter by VLAN. What was not there is looked for again at times: see {@link RememberedTrial}. */
    public static boolean bridgeVlanFiltering() {
        return BRIDGE_VLAN_FILTERING.works();
    }

    /** Whether this kernel makes 802.1Q subinterfaces. What was not there is looked for again at times: see {@link RememberedTrial}. */
    public static boolean vlanSubinterfaces() {
        return VLAN_SUBINTERFACES.works();
    }

    private static RememberedTrial remembered(KernelTrial trial, String module) {
        Path loaded = Path.of("/sys/module", module);
        return new RememberedTrial(() -> works(trial), () -> Files.exists(loaded), System::nanoTime);
    }

    private static boolean works(KernelTrial trial) {
        return trial.run() == KernelTrial.Outcome.WORKS;
    }
}
