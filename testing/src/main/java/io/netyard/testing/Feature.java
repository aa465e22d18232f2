package io.netyard.testing;

import io.netyard.kernel.KernelFeatures;
import java.util.function.BooleanSupplier;

/** What a test may need of a kernel beyond network namespaces, found by trying, once per JVM. */
public enum Feature {
    /** Bridges that filter by VLAN. */
    VLAN_FILTERING("bridge VLAN filtering", Where.LAB_KERNEL, KernelFeatures::bridgeVlanFiltering),
    /** 802.1Q subinterfaces. */
    VLAN_8021Q("802.1Q subinterfaces", Where.LAB_KERNEL, KernelFeatures::vlanSubinterfaces),
    /** Legacy or nft ebtables that can filter bridged frames. */
    EBTABLES("ebtables", Where.LAB_KERNEL, () -> Trial.program("ebtables", "-t", "filter", "-L")),
    /** iptables of either kind, with the filter table. */
    IPTABLES("iptables", Where.EITHER, () -> Trial.program("iptables", "-w", "5", "-t", "filter", "-S")),
    /** nf_tables with the families ip and inet. */
    NFTABLES_INET(
            "the nf_tables family inet",
            Where.HOST,
            () -> Trial.program("nft", "add table inet netyard-probe; add chain inet netyard-probe c")),
    /** nf_tables with the family bridge. */
    NFTABLES_BRIDGE(
            "the nf_tables family bridge",
            Where.EITHER,
            () -> Trial.program("nft", "add table bridge netyard-probe; add chain bridge netyard-probe c")),
    /** LXC and busybox: see {@link io.netyard.testing.containers.LxcContainer}. */
    LXC("LXC", Where.EITHER, () -> Trial.program("lxc-start", "--version") && Trial.program("busybox", "true")),
    /**
     * The same with a user namespace: where newuidmap is installed, LXC insists on ids that root may use by the files of subordinate ids
     * (lxc_map_ids in src/lxc/conf.c).
     */
    UNPRIVILEGED_LXC(
            "LXC, where newuidmap is with ids for root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 root",
            Where.INSTALLED,
            () -> LXC.isHere()
                    && (!Trial.program("which", "newuidmap")
                            || Trial.program("grep", "-qx", "root:100000:65536", "/etc/subuid")
                                    && Trial.program("grep", "-qx", "root:100000:65536", "/etc/subgid"))),
    /** systemd-nspawn and busybox: see {@link io.netyard.testing.containers.NspawnContainer}. */
    NSPAWN(
            "systemd-nspawn",
            Where.EITHER,
            () -> Trial.program("systemd-nspawn", "--version") && Trial.program("busybox", "true")),
    /** Podman: see {@link io.netyard.testing.containers.PodmanContainer}. */
    PODMAN("Podman", Where.INSTALLED, () -> Trial.program("podman", "--version") && Trial.program("runc", "--version")),
    /** The Docker Engine: see {@link io.netyard.testing.containers.DockerContainer}. */
    DOCKER(
            "the Docker Engine",
            Where.INSTALLED,
            () -> Trial.program("dockerd", "--version") && Trial.program("containerd", "--version")),
    /** libvirt's LXC driver: see {@link io.netyard.testing.containers.LibvirtLxcContainer}. */
    LIBVIRT_LXC(
            "libvirt's LXC driver, and control groups of version 2 alone",
            Where.INSTALLED,
            () -> Trial.program("virsh", "--version")
                    && Trial.program("test", "-e", "/usr/lib/libvirt/libvirt_lxc")
                    && Trial.program("test", "-e", "/sys/fs/cgroup/cgroup.controllers"));

    /** How a reason starts that does not ask for another kernel: see {@link Ledger}. */
    static final String ONLY_WITHOUT = "only for a kernel without ";

    /** How a reason starts that asks for what {@code ./netyard test} does not install: see {@link Ledger}. */
    static final String ONLY_WITH = "only where installed: ";

    /** The kernel that a skipped test is run on instead. */
    private static final class Where {
        private static final String LAB_KERNEL = "runs in the lab kernel (User-mode Linux)";
        private static final String HOST = "runs on the host kernel";
        private static final String INSTALLED = "";
        private static final String EITHER = "runs on a kernel that has it, with its program installed";
    }

    private final String words;
    private final String where;
    private final BooleanSupplier trial;
    private Boolean here;

    Feature(String words, String where, BooleanSupplier trial) {
        this.words = words;
        this.where = where;
        this.trial = trial;
    }

    /** Whether this kernel has it. */
    public synchronized boolean isHere() {
        if (here == null) {
            here = trial.getAsBoolean();
        }
        return here;
    }

    /** Why a test of its absence is skipped. */
    String present() {
        return ONLY_WITHOUT + words;
    }

    /** Why a test that needs it is skipped, and where it is run. */
    String missing() {
        return where.equals(Where.INSTALLED) ? ONLY_WITH + words : "needs " + words + ": " + where;
    }
}
