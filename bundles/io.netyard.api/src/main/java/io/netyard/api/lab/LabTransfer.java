package io.netyard.api.lab;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Labs to and from where Netyard is not: as scripts for the common tools, and out of namespaces that others have made. Changes nothing. Safe for
 * use from several threads.
 */
@ProviderType
public interface LabTransfer {

    /**
     * The file of a running lab, as it was applied, with a comment on top that says when it was at which stage.
     *
     * @throws io.netyard.api.RequestException if no such lab is up, or no file is known of it
     */
    Written file(String lab);

    /**
     * A bash script with {@code ip}, {@code bridge} and a firewall's tool that builds a running lab without Netyard, and takes it away.
     *
     * @param stage empty means the one that it is at
     * @param firewall {@code nft}, {@code iptables}, or a backend's name: the words of policies for which the lab pins none; empty leaves it
     *     to the firewall. Where it cannot express one, another is taken, and a remark says so
     * @throws io.netyard.api.RequestException if no such lab is up, or it has no such stage
     */
    Written script(String lab, Optional<String> stage, Optional<String> firewall);

    /**
     * The same of a file.
     *
     * @param stage empty means the file's default stage, else the last one
     * @throws io.netyard.api.LabFileException if the file is wrong
     */
    Written script(Path file, Optional<String> stage, Optional<String> firewall);

    /**
     * A lab file for what is in some namespaces, whoever has made it. Its nodes are the lab's own: applied, it builds the same beside
     * what was read.
     *
     * @param lab name of the lab that is written
     * @param namespaces what {@link io.netyard.api.netns.Namespaces#resolve} understands, or {@code NODE=} and that, for a name of one's own;
     *     none means all that {@code ip netns} has named
     * @param like a lab file whose policies and MAC addresses are taken over where the kernel has the same ones
     * @throws io.netyard.api.RequestException if there is no such namespace, or the same twice
     */
    Written importFrom(String lab, List<String> namespaces, Optional<Path> like);

    /**
     * @param text of the file or script, with a line's end at its end
     * @param remarks what is not carried, and what must be there beforehand, a sentence each; they are in the text as comments
     */
    record Written(String text, List<String> remarks) {

        public Written {
            remarks = List.copyOf(remarks);
        }
    }
}
