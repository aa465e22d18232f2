package io.netyard.api;

/**
 * Something Netyard was asked for did not happen. The class says where the fault lies: {@link LabFileException} fix the
 * file; {@link KernelException} look at the host; {@link RequestException} ask for something else.
 *
 * <p>The message is one or more complete lines for the user: what, where, and what to do.
 */
public abstract sealed class NetyardException extends RuntimeException
        permits KernelException, LabFileException, RequestException {

    private static final long serialVersionUID = 1L;

    NetyardException(String message, Throwable cause) {
        super(message, cause);
    }
}
