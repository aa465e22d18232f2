package io.netyard.firewall.nftables;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.netns.Namespaces;
import io.netyard.api.netns.Namespaces.Output;
import java.time.Duration;
import java.util.List;

/** The tool nft(8), run once for each transaction. */
final class Nft {

    /** A transaction takes milliseconds; a kernel that emulates one takes a second. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private static final List<String> COMMAND = List.of("nft", "--terse", "--file", "-");

    /** What loads a transaction and prints nothing. */
    static final List<String> LOADER = List.of("nft", "--file", "-");

    private final Namespaces namespaces;

    Nft(Namespaces namespaces) {
        this.namespaces = namespaces;
    }

    /** Whether the kernel takes a script. */
    boolean accepts(NetnsRef netns, String script) {
        return run(netns, script).status() == 0;
    }

    /**
     * Runs a script as one transaction.
     *
     * @return what it printed
     * @throws RequestException with the tool's own words if it or the kernel refuses; then nothing of it has happened
     */
    String execute(NetnsRef netns, String what, String script) {
        Output output = run(netns, script);
        if (output.status() != 0) {
            throw new RequestException("%s: nft refuses to %s: %s"
                    .formatted(namespaces.label(netns), what, Text.printable(complaint(output))));
        }
        return output.output();
    }

    private Output run(NetnsRef netns, String script) {
        return namespaces.run(netns, COMMAND, script, LIMIT);
    }

    /** The first complaint without the place in the script, which nobody has seen: {@code /dev/stdin:3:5-9: Error: TEXT}. */
    private static String complaint(Output output) {
        return output.error()
                .lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .map(line -> line.replaceFirst("^/dev/stdin:[0-9:-]+:\\s*", "").replaceFirst("^Error: ", ""))
                .orElse("exit status " + output.status());
    }
}
