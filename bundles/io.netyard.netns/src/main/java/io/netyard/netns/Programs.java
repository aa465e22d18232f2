package io.netyard.netns;

import io.netyard.api.NetnsRef;
import io.netyard.api.ProgramException;
import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.Namespaces.TerminalSize;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.api.netns.Way;
import io.netyard.api.netns.Way.Member;
import io.netyard.kernel.NamespaceThread;
import io.netyard.kernel.ProcessNamespaces;
import io.netyard.kernel.SpawnSpec;
import io.netyard.kernel.SpawnedProcess;
import io.netyard.kernel.Spawner;
import io.netyard.netns.RootFileSystem.Found;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts programs in namespaces, and ends them when the namespace goes.
 *
 * <p>A single thread can enter network, UTS and pid namespaces; what it starts is inside. User, mount and time namespaces need a process
 * without other threads: there nsenter(1) goes on before the program, with descriptors that are open here for paths. It enters no pid
 * namespace, for which it would have to stay as a parent that takes the program's signals.
 */
final class Programs {

    private static final Logger LOG = LoggerFactory.getLogger(Programs.class);

    /** In the environment of programs started inside: the inode. By it they are known for ours when the namespace goes. */
    static final String INSIDE = "NETYARD_NETNS";

    /** What a program inside gets of the appliance's own environment. */
    private static final Pattern PASSED_ON = Pattern.compile("PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TERM");

    /** The same where the files are others. */
    private static final Pattern PASSED_ON_TO_OTHER_FILES = Pattern.compile("LANG|LC_.*|TZ|TERM");

    /** Where distributions have their programs, whatever this one thinks. */
    private static final String USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static final Set<NamespaceType> BY_THREAD =
            EnumSet.of(NamespaceType.NET, NamespaceType.UTS, NamespaceType.PID);

    private static final Path OWN = Path.of("/proc/self/ns");

    /** A program as it is to be started. */
    private record Job(List<String> command, Map<String, String> variables, TerminalSize terminal) {}

    /** Chooses what to start when it is known what is there. */
    @FunctionalInterface
    private interface Choice {

        List<String> among(RootFileSystem files);
    }

    NetnsProcess start(Way way, List<String> command, TerminalSize terminal) {
        requireProgram(command);
        return open(way, files -> command, Map.of(), terminal);
    }

    /** A shell. */
    NetnsProcess enter(Way way, String wanted, TerminalSize terminal) {
        return open(way, files -> shell(files, wanted), prompt(way), terminal);
    }

    private static void requireProgram(List<String> command) {
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw new RequestException("no program given");
        }
        if (command.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            throw new RequestException("a program and its arguments cannot contain NUL characters");
        }
    }

    private static List<String> shell(RootFileSystem files, String wanted) {
        if (wanted.startsWith("/") && files.look(wanted) == Found.EXECUTABLE) {
            return List.of(wanted);
        }
        String shell = files.shells().stream()
                .findFirst()
                .orElseThrow(() -> new ProgramException(
                        ProgramException.NOT_FOUND, "no shell in there: neither bash nor sh nor busybox"));
        return shell.endsWith("busybox") ? List.of(shell, "sh") : List.of(shell);
    }

    private static Map<String, String> prompt(Way way) {
        boolean ownHostname = way.types().contains(NamespaceType.UTS)
                && way.member()
                        .map(member -> Processes.uts(member.pid()))
                        .or(() -> way.net().uts())
                        .map(Processes::inode)
                        .filter(inode -> !inode.equals(Processes.inode(OWN.resolve("uts"))))
                        .isPresent();
        return Prompt.variables(way.label(), ownHostname);
    }

    private static NetnsProcess open(Way way, Choice choice, Map<String, String> variables, TerminalSize terminal) {
        if (way.member().isEmpty()) {
            List<String> command = choice.among(RootFileSystem.OWN);
            requireThere(RootFileSystem.OWN, command.get(0), ownPath());
            SpawnSpec spec = spec(way, new Job(command, variables, terminal), PASSED_ON);
            return started(NamespaceThread.call(entered(way), () -> Spawner.start(spec)));
        }
        Member member = way.member().get();
        try (ProcessNamespaces namespaces =
                ProcessNamespaces.open(member.pid(), member.startTime(), withNet(way.types()))) {
            if (namespaces.inode(NamespaceType.NET) != way.net().inode()) {
                throw new RequestException("process %d has moved to another network namespace".formatted(member.pid()));
            }
            return open(way, namespaces, choice, variables, terminal);
        }
    }

    private static NetnsProcess open(
            Way way,
            ProcessNamespaces namespaces,
            Choice choice,
            Map<String, String> variables,
            TerminalSize terminal) {
        Set<NamespaceType> others = EnumSet.copyOf(way.types());
        others.removeIf(type -> namespaces.inode(type) == NamespaceThread.inode(OWN.resolve(type.word())));
        Set<NamespaceType> byThread = EnumSet.copyOf(BY_THREAD);
        byThread.retainAll(others);
        others.removeAll(BY_THREAD);

        boolean otherFiles = others.contains(NamespaceType.MNT);
        RootFileSystem files = otherFiles ? new RootFileSystem(namespaces.root().orElseThrow()) : RootFileSystem.OWN;
        List<String> command = choice.among(files);
        requireThere(files, command.get(0), otherFiles ? USUAL_PATH : ownPath());
        Map<String, String> all = new HashMap<>(variables);
        List<String> line = command;
        if (!others.isEmpty()) {
            line = new ArrayList<>(nsenter(namespaces, others));
            line.addAll(command);
        }
        if (otherFiles) {
            all.put("PATH", USUAL_PATH);
            all.put("HOME", files.look("/root") == Found.NOTHING ? "/" : "/root");
            all.put("USER", "root");
            all.put("LOGNAME", "root");
        }
        SpawnSpec spec = spec(way, new Job(line, all, terminal), otherFiles ? PASSED_ON_TO_OTHER_FILES : PASSED_ON);
        SpawnedProcess process = NamespaceThread.call(namespaces, byThread, () -> Spawner.start(spec));
        awaitInside(process.pid(), namespaces, others);
        return started(process);
    }

    /** nsenter(1), which opens all that it is given by path before it enters the first. */
    private static List<String> nsenter(ProcessNamespaces namespaces, Set<NamespaceType> types) {
        List<String> line = new ArrayList<>();
        line.add(RootFileSystem.OWN
                .find("nsenter", ownPath() + ":" + USUAL_PATH)
                .orElseThrow(() -> new RequestException(
                        "namespaces of the types %s need nsenter(1), which is not here: install util-linux"
                                .formatted(words(types)))));
        for (NamespaceType type : types) {
            line.add("--%s=%s".formatted(type == NamespaceType.MNT ? "mount" : type.word(), namespaces.path(type)));
        }
        if (types.contains(NamespaceType.MNT)) {
            line.add("--root=" + namespaces.root().orElseThrow());
            line.add("--wd=" + namespaces.workingDirectory().orElseThrow());
        }
        if (types.contains(NamespaceType.USER)) {
            line.add("--setuid=" + lowest(namespaces, "uid_map"));
            line.add("--setgid=" + lowest(namespaces, "gid_map"));
        }
        line.add("--");
        return line;
    }

    /** The lowest id in a user namespace: usually 0. What has no id in there would act with one of ours. */
    private static long lowest(ProcessNamespaces namespaces, String map) {
        try {
            return namespaces
                    .read(map)
                    .lines()
                    .mapToLong(line -> Long.parseLong(line.strip().split(" +")[0]))
                    .min()
                    .orElseThrow(() -> new RequestException(
                            "nobody can be in its user namespace, whose %s is empty: enter the others without it"
                                    .formatted(map)));
        } catch (IOException e) {
            throw new RequestException("its process has ended", e);
        }
    }

    private static String words(Set<NamespaceType> types) {
        return String.join(", ", types.stream().map(NamespaceType::word).toList());
    }

    private static Set<NamespaceType> withNet(Set<NamespaceType> types) {
        Set<NamespaceType> all = EnumSet.copyOf(types);
        all.add(NamespaceType.NET);
        return all;
    }

    /** What a way without a process enters. */
    private static NetnsRef entered(Way way) {
        return way.types().contains(NamespaceType.UTS)
                ? way.net()
                : new NetnsRef(way.net().inode(), way.net().net(), Optional.empty());
    }

    /** Waits until nsenter has entered all and needs what is open here no more. */
    private static void awaitInside(long pid, ProcessNamespaces namespaces, Set<NamespaceType> types) {
        Bounded.await(
                Bounded.LIMIT,
                () -> Processes.isGone(pid)
                        || types.stream().allMatch(type -> Processes.inode(
                                        Processes.directory(pid).resolve("ns/" + type.word()))
                                .equals(OptionalLong.of(namespaces.inode(type)))));
    }

    private static NetnsProcess started(SpawnedProcess process) {
        // Or somebody who destroys the namespace right now would not know it for ours.
        Processes.awaitStarted(process.pid());
        return new ProgramInside(process);
    }

    private static SpawnSpec spec(Way way, Job job, Pattern passedOn) {
        Map<String, String> environment = new TreeMap<>();
        System.getenv().forEach((key, value) -> {
            if (passedOn.matcher(key).matches()) {
                environment.put(key, value);
            }
        });
        if (job.terminal() != null) {
            environment.putIfAbsent("TERM", "xterm-256color");
        }
        environment.putAll(job.variables());
        environment.put(INSIDE, Long.toString(way.net().inode()));
        SpawnSpec.Stdio stdio = job.terminal() == null
                ? new SpawnSpec.Pipes()
                : new SpawnSpec.Terminal(
                        job.terminal().columns(), job.terminal().rows());
        return new SpawnSpec(
                job.command().get(0),
                job.command(),
                environment.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList(),
                stdio);
    }

    /** Says what is wrong before anything is started: nsenter would say it in the program's place. */
    private static void requireThere(RootFileSystem files, String program, String path) {
        if (!program.contains("/")) {
            if (files.find(program, path).isEmpty()) {
                throw new ProgramException(
                        ProgramException.NOT_FOUND,
                        "no program '%s' in PATH%s".formatted(Text.printable(program), shells(files)));
            }
        } else if (program.startsWith("/") && !files.equals(RootFileSystem.OWN)) {
            Found found = files.look(program);
            if (found == Found.NOTHING) {
                throw new ProgramException(
                        ProgramException.NOT_FOUND,
                        "there is no %s in there%s".formatted(Text.printable(program), shells(files)));
            }
            if (found == Found.NOT_EXECUTABLE) {
                throw new ProgramException(
                        ProgramException.NOT_EXECUTABLE,
                        "'%s' cannot be executed: it is no file, or one that nobody may execute"
                                .formatted(Text.printable(program)));
            }
        }
    }

    private static String shells(RootFileSystem files) {
        if (files.equals(RootFileSystem.OWN)) {
            return "";
        }
        List<String> shells = files.shells();
        return shells.isEmpty() ? ", nor any shell" : "; there is " + shells.get(0);
    }

    private static String ownPath() {
        return System.getenv().getOrDefault("PATH", "/bin:/usr/bin");
    }

    // Ending

    /**
     * Ends what we have started in there, and its children unless they have cleared their environment. More than once: a program
     * may have started another one while we looked.
     */
    static void end(String label, long inode, long holder) {
        boolean ended = Bounded.await(Bounded.LIMIT, () -> {
            List<Long> programs = Processes.inside(inode).stream()
                    .filter(pid -> pid != holder && isProgramOf(inode, pid))
                    .toList();
            programs.forEach(pid -> end(inode, pid));
            return programs.isEmpty();
        });
        if (!ended) {
            LOG.warn("programs that were started in {} cannot be ended", label);
        }
    }

    private static void end(long inode, long pid) {
        OptionalLong started = Processes.startTime(pid);
        if (started.isPresent()) {
            SpawnedProcess.kill(
                    pid, () -> started.equals(Processes.startTime(pid)) && isProgramOf(inode, pid), Bounded.LIMIT);
        }
    }

    private static boolean isProgramOf(long inode, long pid) {
        return Processes.netInode(pid).equals(OptionalLong.of(inode))
                && Processes.environment(pid, INSIDE).equals(Optional.of(Long.toString(inode)));
    }
}
