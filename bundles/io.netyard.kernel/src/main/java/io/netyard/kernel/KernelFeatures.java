package io.netyard.kernel;

/** What this kernel can do with these rights, found by doing it: see {@link KernelTrial}. */
public final class KernelFeatures {

    private KernelFeatures() {}

    /** Whether network namespaces can be made here: by this kernel, with these rights. */
    public static boolean canCreateNamespaces() {
        return works(KernelTrial.NAMESPACES);
    }

    /** Whether bridges here can filter by VLAN. */
    public static boolean bridgeVlanFiltering() {
        return works(KernelTrial.VLAN_FILTERING);
    }

    /** Whether this kernel makes 802.1Q subinterfaces. */
    public static boolean vlanSubinterfaces() {
        return works(KernelTrial.VLAN_SUBINTERFACE);
    }

    private static boolean works(KernelTrial trial) {
        return trial.run() == KernelTrial.Outcome.WORKS;
    }
}
