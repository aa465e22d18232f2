package io.netyard.api.inventory;

import java.util.Optional;

/** The types of Linux namespaces: see namespaces(7). */
public enum NamespaceType {
    CGROUP("cgroup", 0x02000000),
    IPC("ipc", 0x08000000),
    MNT("mnt", 0x00020000),
    NET("net", 0x40000000),
    PID("pid", 0x20000000),
    TIME("time", 0x00000080),
    USER("user", 0x10000000),
    UTS("uts", 0x04000000);

    private final String word;
    private final int flag;

    NamespaceType(String word, int flag) {
        this.word = word;
        this.flag = flag;
    }

    /** The kernel's word for it: the file's name in /proc/PID/ns and the word before the bracket of {@code net:[4026531840]}. */
    public String word() {
        return word;
    }

    /** CLONE_NEW… of linux/sched.h, which is also what setns(2) and NS_GET_NSTYPE use. */
    public int flag() {
        return flag;
    }

    public static Optional<NamespaceType> of(String word) {
        for (NamespaceType type : values()) {
            if (type.word.equals(word)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
