package io.netyard.firewall.chains;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Namespaces.Output;
import io.netyard.kernel.NamespaceThread;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Runs a backend's programs inside namespaces, each bounded in time; what they complain about becomes one line. */
public final class Tools {

    /** For one program; none of them waits for anything but a lock, for less than that. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final int LONGEST_COMPLAINT = 300;

    private final Namespaces namespaces;
    private final String distributionPackage;
    private final Duration limit;

    /** @param distributionPackage what to install where a program is missing */
    public Tools(Namespaces namespaces, String distributionPackage) {
        this(namespaces, distributionPackage, LIMIT);
    }

    /** @param limit for one program */
    public Tools(Namespaces namespaces, String distributionPackage, Duration limit) {
        this.namespaces = namespaces;
        this.distributionPackage = distributionPackage;
        this.limit = limit;
    }

    /**
     * Runs a program to its end.
     *
     * @return what it wrote
     * @throws RequestException with its own words if it fails, or if it is missing or does not end in time
     */
    public String run(NetnsRef where, List<String> command, String input) {
        Output output;
        try {
            output = namespaces.run(where, command, input, limit);
        } catch (RequestException e) {
            if (e.getMessage().contains("no program")) {
                throw new RequestException(
                        "no program '%s' in PATH: install package %s".formatted(command.get(0), distributionPackage),
                        e);
            }
            throw e;
        }
        if (output.status() != 0) {
            throw new RequestException(complaint(command.get(0), output));
        }
        return output.output();
    }

    private static String complaint(String program, Output output) {
        String words = (output.error() + "\n" + output.output())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("Try `"))
                .limit(3)
                .collect(Collectors.joining(" "));
        String said = Text.printable(words.isEmpty() ? "exit status " + output.status() : words);
        String text = said.startsWith(program) ? said : program + ": " + said;
        return text.length() > LONGEST_COMPLAINT ? text.substring(0, LONGEST_COMPLAINT) + "…" : text;
    }

    /** Does something in a new namespace, which ends with it. */
    public static <T> T inThrowAway(Function<NetnsRef, T> body) {
        return NamespaceThread.callInNew("netyard-trial", () -> {
            NetnsRef here = NamespaceThread.current();
            // In the form that other processes can follow too.
            Path net = Path.of("/proc/" + ProcessHandle.current().pid())
                    .resolve(Path.of("/proc/self").relativize(here.net()));
            return body.apply(new NetnsRef(here.inode(), net, Optional.empty()));
        });
    }
}
