package io.netyard.api.netns;

import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The network namespaces of this host: made by Netyard, attached, or foreign. Safe for use from several threads. Reads
 * look at the host each time; nothing is cached.
 */
@ProviderType
public interface Namespaces {

    /** Names of the registered {@link NamespaceHolder}s, with their descriptions. */
    Map<String, String> holders();

    /**
     * Makes a network and a UTS namespace, sets the host name, brings {@code lo} up.
     *
     * @throws io.netyard.api.RequestException if the name is taken in that lab or the holder is unknown
     * @throws io.netyard.api.KernelException if the kernel refuses; nothing is left behind then
     */
    Netns create(NetnsSpec spec);

    /** All namespaces, the host's first, then own, attached, foreign, by name. Never fails on processes that vanish. */
    List<Netns> list();

    /**
     * The own and attached ones, cheaper than filtering {@link #list()}: process counts and commands may be left out, and host names
     * are those that they were given, if any.
     */
    List<Netns> known();

    /** The namespace that this appliance runs in. */
    NetnsRef host();

    /** A name for messages: {@link Netns#label()} of that namespace, or its inode if it is not one of ours. Never fails. */
    default String label(NetnsRef ref) {
        try {
            if (host().inode() == ref.inode()) {
                return "host";
            }
            return known().stream()
                    .filter(netns -> netns.ref().inode() == ref.inode())
                    .map(Netns::label)
                    .findFirst()
                    .orElseGet(ref::toString);
        } catch (NetyardException e) {
            return ref.toString();
        }
    }

    /**
     * Finds the namespace a user means: {@code host}, {@code NODE}, {@code LAB/NODE}, a pid, {@code net:[INODE]}, or an absolute path of a
     * namespace file.
     *
     * @throws io.netyard.api.RequestException if there is none or more than one; says which there are
     */
    Netns resolve(String meant);

    /** Gives a foreign namespace a name. It is left exactly as it is. */
    Netns attach(String name, long pid);

    /** Forgets the name of an attached namespace. */
    void detach(Netns attached);

    /**
     * Destroys a namespace that Netyard made; returns when it is gone.
     *
     * @throws io.netyard.api.RequestException if Netyard did not make it
     */
    void destroy(Netns own);

    /**
     * Starts a program inside (network and UTS namespace; everything else is the appliance's). Never through a shell.
     *
     * @param command program and its arguments; the program is searched in PATH
     * @param terminal the window for a pseudo terminal, or null for three pipes
     * @throws io.netyard.api.RequestException if the program cannot be started
     */
    NetnsProcess start(NetnsRef where, List<String> command, TerminalSize terminal);

    /**
     * Runs a program inside to its end. For tools that do one thing and end; never through a shell.
     *
     * @param input what it reads from its standard input
     * @param limit it is killed after that time
     * @throws io.netyard.api.RequestException if it cannot be started or does not end in time
     */
    Output run(NetnsRef where, List<String> command, String input, Duration limit);

    /**
     * What a program has left.
     *
     * @param status exit status, or 128 plus the number of the signal that ended it
     * @param output what it wrote to its standard output
     * @param error what it wrote to its standard error
     */
    record Output(int status, String output, String error) {}

    /** In character cells. */
    record TerminalSize(int columns, int rows) {}
}
