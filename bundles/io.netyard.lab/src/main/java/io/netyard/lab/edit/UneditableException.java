package io.netyard.lab.edit;

/** A place in a text that cannot be edited without touching what nobody asked to touch; the message says why, in a few words. */
public final class UneditableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UneditableException(String why) {
        super(why);
    }
}
