package io.netyard.api;

/** A program cannot be started: it is not there, or may not be executed. */
public final class ProgramException extends RequestException {

    /** There is no such program. */
    public static final int NOT_FOUND = 127;

    /** There is one, and the kernel does not execute it. */
    public static final int NOT_EXECUTABLE = 126;

    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status the exit status that a shell says it with: {@link #NOT_FOUND} or {@link #NOT_EXECUTABLE} (POSIX, 2.8.2) */
    public ProgramException(int status, String message) {
        super(message);
        this.status = status;
    }

    public ProgramException(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
