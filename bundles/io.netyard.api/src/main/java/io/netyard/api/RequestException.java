package io.netyard.api;

/** The request makes no sense here: an unknown node, a name that is taken, a kernel without the feature asked for. */
public sealed class RequestException extends NetyardException permits ProgramException {

    private static final long serialVersionUID = 1L;

    public RequestException(String message) {
        super(message, null);
    }

    public RequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
