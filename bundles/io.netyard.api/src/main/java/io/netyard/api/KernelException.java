package io.netyard.api;

import java.util.Map;
import java.util.Set;

/**
 * The kernel refused. Carries what it said: the operation as an operator would name it, the subject, the errno and the
 * extended-ack text where it sent one (NLMSGERR_ATTR_MSG, linux/netlink.h). Ask {@link #isAbsent()} or
 * {@link #isPresent()} instead of comparing numbers.
 */
public final class KernelException extends NetyardException {

    private static final long serialVersionUID = 1L;

    private static final int EPERM = 1;
    private static final int ENOENT = 2;
    private static final int ESRCH = 3;
    private static final int EEXIST = 17;
    private static final int ENODEV = 19;
    private static final int EADDRNOTAVAIL = 99;

    /** The errno values (asm-generic/errno.h) that people meet here, in words. */
    private static final Map<Integer, String> WORDS = Map.ofEntries(
            Map.entry(EPERM, "not permitted (needs root)"),
            Map.entry(ENOENT, "no such thing"),
            Map.entry(ESRCH, "no such process"),
            Map.entry(13, "permission denied"),
            Map.entry(16, "busy"),
            Map.entry(EEXIST, "exists already"),
            Map.entry(ENODEV, "no such interface"),
            Map.entry(22, "invalid argument"),
            Map.entry(24, "too many open files"),
            Map.entry(28, "no space left"),
            Map.entry(34, "out of range"),
            Map.entry(95, "not supported by this kernel"),
            Map.entry(EADDRNOTAVAIL, "no such address"),
            Map.entry(100, "network is down"),
            Map.entry(101, "network is unreachable"),
            Map.entry(105, "no buffer space"),
            Map.entry(110, "timed out"));

    private final String operation;
    private final String subject;
    private final int errno;
    private final String detail;

    /**
     * @param operation what was asked, lower case, e.g. {@code "create link"}
     * @param subject what it was asked of, e.g. {@code "veth11 in netns1"}
     * @param errno positive errno value from asm-generic/errno.h
     * @param detail extended-ack text, or empty when the kernel sent none
     */
    public KernelException(String operation, String subject, int errno, String detail) {
        super(
                "%s %s: %s%s"
                        .formatted(
                                operation,
                                subject,
                                WORDS.getOrDefault(errno, "errno " + errno),
                                detail.isEmpty() ? "" : " (the kernel says: " + detail + ")"),
                null);
        this.operation = operation;
        this.subject = subject;
        this.errno = errno;
        this.detail = detail;
    }

    /** True if the subject was not there; deleting it has nothing left to do. */
    public boolean isAbsent() {
        return Set.of(ENOENT, ESRCH, ENODEV, EADDRNOTAVAIL).contains(errno);
    }

    /** True if the subject was already there; creating it has nothing left to do. */
    public boolean isPresent() {
        return errno == EEXIST;
    }

    public String operation() {
        return operation;
    }

    public String subject() {
        return subject;
    }

    public int errno() {
        return errno;
    }

    /** What the kernel said in words; empty if it said nothing. */
    public String detail() {
        return detail;
    }

    /** The same refusal, told of a subject whose name says more to the user. */
    public KernelException of(String clearerSubject) {
        KernelException clearer = new KernelException(operation, clearerSubject, errno, detail);
        clearer.setStackTrace(getStackTrace());
        for (Throwable suppressed : getSuppressed()) {
            clearer.addSuppressed(suppressed);
        }
        return clearer;
    }
}
