package io.netyard.api.netns;

import io.netyard.api.NetnsRef;
import io.netyard.api.NetyardException;
import io.netyard.api.inventory.NamespaceType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    default Netns create(NetnsSpec spec) {
        return create(spec, true);
    }

    /**
     * As {@link #create(NetnsSpec)}.
     *
     * @param ipv6 false switches IPv6 off before anything is up: net.ipv6.conf.all.disable_ipv6, where the kernel has it
     */
    Netns create(NetnsSpec spec, boolean ipv6);

    /**
     * Begins to make many, as {@link #create(NetnsSpec, boolean)} does each, on threads of its own: faster than one after the other.
     *
     * @param specs what to make, in this order, each with whether it is to have IPv6
     * @throws io.netyard.api.RequestException if a name is taken or a holder is unknown; nothing is begun then
     */
    default Batch createAll(Map<NetnsSpec, Boolean> specs) {
        return new Batch() {
            @Override
            public Netns await(NetnsSpec spec) {
                return create(spec, specs.get(spec));
            }

            @Override
            public void close() {
                // What has not been asked for was never begun.
            }
        };
    }

    /** Namespaces that are being made. */
    interface Batch extends AutoCloseable {

        /**
         * Waits until one of them is there. For each once, by the thread that has begun the batch.
         *
         * @throws NetyardException why it could not be made; then nothing of it is left, and no further one is begun
         */
        Netns await(NetnsSpec spec);

        /** Begins no further one, and waits for those that are under way. What is made stays, awaited or not. */
        @Override
        void close();
    }

    /**
     * Begins a session: until it is closed, what this and the other services do in namespaces for the calling thread goes by ways that stay
     * open, instead of finding and entering each one anew; and names that were free when it began are taken to be free but for what is made
     * in it. For one change of one lab: what is kept open keeps namespaces alive that have ended for everybody else.
     *
     * <p>Within a session another one adds nothing.
     */
    default Session session() {
        return () -> {};
    }

    /** To be closed by the thread that has begun it. */
    interface Session extends AutoCloseable {

        @Override
        void close();
    }

    /** All namespaces, the host's first, then own, attached, foreign, by name. Never fails on processes that vanish. */
    List<Netns> list();

    /**
     * The own and attached ones, cheaper than filtering {@link #list()}: process counts and commands may be left out, and host names
     * are those that they were given, if any.
     */
    List<Netns> known();

    /** The namespace that this appliance runs in. */
    NetnsRef host();

    /**
     * One word that tells the present run of this machine, as this appliance sees it, from every earlier one. With it all namespaces ended that
     * a note of an earlier one speaks of: what is found there now by the same pid, path or inode is something else.
     */
    String boot();

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
     * Finds the namespace a user means. What is written decides first: {@code host}; digits are a pid, or above the highest possible pid
     * an inode as {@code lsns} prints it; {@code TYPE:[INODE]}; an absolute path of a namespace file. Anything else is a name, and the
     * first of these that has it is meant: {@code LAB/NODE} or a node without lab; a node of any lab; a container by
     * {@code RUNTIME:NAME}; a container by its name alone; the host name of a UTS namespace. What others chose comes last, so that no
     * container or host name from outside can take the place of a node.
     *
     * <p>A namespace of another type, a UTS namespace too, stands for the network namespace that its processes are in.
     *
     * @throws io.netyard.api.RequestException if there is none, or more than one within the same of these; says which there are
     */
    Netns resolve(String meant);

    /**
     * The way to what {@link #resolve(String)} finds. For a pid, a container, or a namespace of another type, the namespaces are those of
     * that process, of the container's first one, or of the first one in it; for others, of the process with the lowest pid.
     *
     * @param types all of them: as many as there are
     * @throws io.netyard.api.RequestException if there is no such place, or it has no process that has namespaces of those types
     */
    Way way(String meant, Set<NamespaceType> types);

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
     * Clears away what is half-made of a lab's namespaces, since the JVM that made them has been killed. To be called while nobody makes any
     * for that lab.
     */
    void sweep(String lab);

    /**
     * Starts a program inside. Never through a shell. Namespaces that are not entered are the appliance's. With the mount namespace go the
     * root and working directory of the process that it is taken from, with the user namespace the uid and gid 0 in there, or the
     * lowest that it has.
     *
     * @param command program and its arguments; the program is searched in PATH
     * @param terminal the window for a pseudo terminal, or null for three pipes
     * @throws io.netyard.api.ProgramException if the program cannot be started
     * @throws io.netyard.api.RequestException if the place is not there any more
     */
    NetnsProcess start(Way way, List<String> command, TerminalSize terminal);

    /**
     * Starts a shell inside, whose prompt shows where it is.
     *
     * @param wanted absolute path of the shell that is taken if it is there; may be empty
     * @param terminal the window for a pseudo terminal, or null for three pipes
     * @throws io.netyard.api.ProgramException if there is no shell
     * @throws io.netyard.api.RequestException if the place is not there any more
     */
    NetnsProcess enter(Way way, String wanted, TerminalSize terminal);

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
