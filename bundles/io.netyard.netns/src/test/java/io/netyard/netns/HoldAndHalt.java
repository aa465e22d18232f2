package io.netyard.netns;

import io.netyard.api.NetnsRef;
import io.netyard.api.netns.NamespaceHolder;
import io.netyard.api.netns.NetnsSpec;
import java.nio.file.Path;
import java.util.Optional;

/** Run in a JVM of its own by {@link NamespaceHolderContract}: makes a namespace and is gone, as if killed. */
final class HoldAndHalt {

    static final int DONE = 42;

    private HoldAndHalt() {}

    public static void main(String[] arguments) {
        StateDirectory state = new StateDirectory(Path.of(arguments[1]));
        NamespaceHolder holder =
                switch (arguments[0]) {
                    case "pin" -> new PinHolder(state);
                    case "named" -> new NamedHolder(state, Path.of(arguments[2]));
                    default -> new ProcessHolder();
                };
        NetnsSpec spec = new NetnsSpec("outlives", Optional.of(arguments[3]), holder.name());
        NetnsRef ref = NamespaceHolderContract.hold(holder, spec);
        System.out.println(ref);
        System.out.flush();
        Runtime.getRuntime().halt(DONE);
    }
}
