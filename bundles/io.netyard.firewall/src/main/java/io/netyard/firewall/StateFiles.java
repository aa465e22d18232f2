package io.netyard.firewall;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wanted, in files that outlive the JVM but not the boot: {@code ROOT/INODE/POLICY}, and {@code ROOT/INODE/.namespace} that says how to
 * enter the namespace and what its sysctls were. Each is put in place by a rename, so that whoever reads sees it whole. A policy
 * that is being set is in {@code POLICY.new} until it is in force.
 *
 * <p>Whoever writes holds the lock of the namespace.
 */
final class StateFiles {

    private static final Logger LOG = LoggerFactory.getLogger(StateFiles.class);

    /** A tmpfs on every current distribution. */
    static final Path DEFAULT = Path.of("/run/netyard/firewall");

    /** No policy can be called so. */
    private static final String NAMESPACE = ".namespace";

    private static final String BEING_SET = ".new";

    private final Path root;

    StateFiles(Path root) {
        this.root = root;
    }

    /** Namespaces with policies; some may be gone. */
    List<KnownNamespace> namespaces() {
        List<KnownNamespace> found = new ArrayList<>();
        for (Path directory : children(root)) {
            read(directory.resolve(NAMESPACE))
                    .flatMap(lines -> whole(directory, () -> KnownNamespace.parse(lines)))
                    .ifPresent(found::add);
        }
        return found;
    }

    Optional<KnownNamespace> namespace(NetnsRef netns) {
        Path directory = directory(netns);
        return read(directory.resolve(NAMESPACE)).flatMap(lines -> whole(directory, () -> KnownNamespace.parse(lines)));
    }

    void write(KnownNamespace namespace) {
        write(directory(namespace.ref()).resolve(NAMESPACE), namespace.lines());
    }

    /** In order of name. */
    List<Wanted> wanted(NetnsRef netns) {
        List<Wanted> found = new ArrayList<>();
        for (Path file : children(directory(netns))) {
            if (!file.getFileName().toString().contains(".")) {
                read(file)
                        .flatMap(lines -> whole(file, () -> Wanted.parse(lines)))
                        .ifPresent(found::add);
            }
        }
        return found;
    }

    Optional<Wanted> wanted(NetnsRef netns, String policy) {
        return wanted(netns).stream()
                .filter(wanted -> wanted.name().equals(policy))
                .findFirst();
    }

    /** Notes what is about to be put in force, so that somebody cleans up if it does not come to that. */
    void announce(NetnsRef netns, Wanted wanted) {
        write(directory(netns).resolve(wanted.name() + BEING_SET), wanted.lines());
    }

    void withdraw(NetnsRef netns, String policy) {
        delete(directory(netns).resolve(policy + BEING_SET));
        clean(netns);
    }

    /** It is in force. */
    void write(NetnsRef netns, Wanted wanted) {
        Path directory = directory(netns);
        write(directory.resolve(wanted.name()), wanted.lines());
        delete(directory.resolve(wanted.name() + BEING_SET));
    }

    /** Names of policies that were being set when somebody was killed. */
    List<String> unfinished(NetnsRef netns) {
        return children(directory(netns)).stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(BEING_SET))
                .map(name -> name.substring(0, name.length() - BEING_SET.length()))
                .toList();
    }

    void delete(NetnsRef netns, String policy) {
        delete(directory(netns).resolve(policy));
        clean(netns);
    }

    /** Everything about a namespace. */
    void forget(NetnsRef netns) {
        Path directory = directory(netns);
        children(directory).forEach(StateFiles::delete);
        deleteEmpty(directory);
    }

    /** Without a policy a namespace is of no interest. Its sysctls must have been put back. */
    private void clean(NetnsRef netns) {
        if (wanted(netns).isEmpty() && unfinished(netns).isEmpty()) {
            namespace(netns).filter(known -> known.sysctls().isEmpty()).ifPresent(known -> forget(netns));
        }
    }

    private Path directory(NetnsRef netns) {
        return root.resolve(Long.toString(netns.inode()));
    }

    private interface Parser<T> {
        T parse();
    }

    private static <T> Optional<T> whole(Path file, Parser<T> parser) {
        try {
            return Optional.of(parser.parse());
        } catch (IllegalArgumentException e) {
            LOG.warn("{} is none of our files, or of another version: {}", file, e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<List<String>> read(Path file) {
        try {
            return Optional.of(Files.readAllLines(file));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new RequestException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static void write(Path file, List<String> lines) {
        Path draft = file.resolveSibling("." + file.getFileName() + ".draft");
        // Somebody else's clean-up may take the parents away in between.
        for (int attempt = 1; ; attempt++) {
            try {
                Files.createDirectories(file.getParent());
                Files.write(draft, lines);
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
                return;
            } catch (IOException e) {
                if (attempt == 5) {
                    throw new RequestException(file + ": cannot be written (" + e + ")", e);
                }
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new RequestException(file + ": cannot be removed (" + e + ")", e);
        }
    }

    /** And its parents up to {@code /run/netyard}, as far as they are empty. */
    private void deleteEmpty(Path directory) {
        Path end = root.getParent().getParent();
        for (Path at = directory; at != null && !at.equals(end); at = at.getParent()) {
            try {
                Files.deleteIfExists(at);
            } catch (DirectoryNotEmptyException e) {
                return;
            } catch (IOException e) {
                throw new RequestException(at + ": cannot be removed (" + e + ")", e);
            }
        }
    }

    private static List<Path> children(Path directory) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(found::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            throw new RequestException(directory + ": cannot be read (" + e.getMessage() + ")", e);
        }
        Collections.sort(found);
        return found;
    }

    /**
     * A namespace with policies.
     *
     * @param started when the process that the reference leads through was started, since pids and inodes are used again; empty if it
     *     leads through none
     * @param sysctls the values that were found when the first policy came, by name; to be put back when the last one goes
     */
    record KnownNamespace(NetnsRef ref, Optional<String> started, Map<String, String> sysctls) {

        KnownNamespace {
            sysctls = Map.copyOf(sysctls);
        }

        List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add("inode " + ref.inode());
            lines.add("net " + ref.net());
            ref.uts().ifPresent(uts -> lines.add("uts " + uts));
            started.ifPresent(at -> lines.add("started " + at));
            new TreeMap<>(sysctls).forEach((name, value) -> lines.add("sysctl " + name + " " + value));
            return lines;
        }

        static KnownNamespace parse(List<String> lines) {
            long inode = 0;
            Optional<Path> net = Optional.empty();
            Optional<Path> uts = Optional.empty();
            Optional<String> started = Optional.empty();
            Map<String, String> sysctls = new TreeMap<>();
            for (String line : lines) {
                String[] words = line.split(" ", 2);
                if (words.length < 2) {
                    throw new IllegalArgumentException("'" + line + "' is half a line");
                }
                switch (words[0]) {
                    case "inode" -> inode = Long.parseLong(words[1]);
                    case "net" -> net = Optional.of(Path.of(words[1]));
                    case "uts" -> uts = Optional.of(Path.of(words[1]));
                    case "started" -> started = Optional.of(words[1]);
                    case "sysctl" -> {
                        String[] setting = words[1].split(" ", 2);
                        sysctls.put(setting[0], setting[setting.length - 1]);
                    }
                    default -> throw new IllegalArgumentException("'" + line + "' says nothing");
                }
            }
            return new KnownNamespace(
                    new NetnsRef(
                            inode,
                            net.orElseThrow(() -> new IllegalArgumentException("no way into the namespace")),
                            uts),
                    started,
                    sysctls);
        }
    }
}
