package io.netyard.testing;

import io.netyard.api.netns.Namespaces;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.UnaryOperator;

/** Lets another program run in the place of one that is asked for: one that fails, hangs, or does not exist. */
public final class ProgramFaults {

    /** Fails without a word. */
    public static final List<String> FAILS = List.of("false");

    /** Does not end for a long time. */
    public static final List<String> HANGS = List.of("sleep", "120");

    /** Is not there. */
    public static final List<String> MISSING = List.of("netyard-no-such-program");

    private UnaryOperator<List<String>> faults = command -> command;
    private final Namespaces namespaces;

    public ProgramFaults(Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    /** @param replacement of commands, from now on; what it returns as it was runs as it was */
    public void set(UnaryOperator<List<String>> replacement) {
        faults = replacement;
    }

    /** Everything runs as it is asked for again. */
    public void clear() {
        faults = command -> command;
    }

    /** The namespaces, but for programs. */
    public Namespaces namespaces() {
        return (Namespaces) Proxy.newProxyInstance(
                ProgramFaults.class.getClassLoader(), new Class<?>[] {Namespaces.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("run")) {
                        @SuppressWarnings("unchecked")
                        List<String> command = (List<String>) arguments[1];
                        arguments[1] = faults.apply(command);
                    }
                    try {
                        return method.invoke(namespaces, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
