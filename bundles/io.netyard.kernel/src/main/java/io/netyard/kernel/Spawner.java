package io.netyard.kernel;

import io.netyard.api.KernelException;
import io.netyard.api.NetyardException;
import io.netyard.api.ProgramException;
import io.netyard.api.Text;
import io.netyard.kernel.SpawnSpec.Detached;
import io.netyard.kernel.SpawnSpec.Pipes;
import io.netyard.kernel.SpawnSpec.Terminal;
import io.netyard.kernel.libc.LibC;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * Starts programs with posix_spawn(3). The child inherits the namespaces of the calling <em>thread</em>: call it inside a
 * {@link NamespaceThread} body to start a program in there.
 *
 * <p>Unlike {@link ProcessBuilder} this sets argv[0], puts the child into a session of its own (so that it survives the
 * JVM and can own a terminal), and lets no descriptor of the JVM through: a leaked one would hold a namespace or a
 * listening port for as long as the child lives.
 */
public final class Spawner {

    // Sizes of glibc's opaque structures on 64-bit Linux are 336, 80 and 128 bytes.
    private static final int ATTRIBUTES_SIZE = 512;
    private static final int FILE_ACTIONS_SIZE = 256;
    private static final int SIGNAL_SET_SIZE = 128;

    private static final int TERMINAL_NAME_SIZE = 128;

    private Spawner() {}

    /**
     * Starts a program.
     *
     * @throws ProgramException if there is no such program, or it may not be executed
     */
    public static SpawnedProcess start(SpawnSpec spec) {
        List<FileDescriptor> childEnds = new ArrayList<>();
        List<FileDescriptor> ownEnds = new ArrayList<>();
        try {
            Runtime runtime = Runtime.getRuntime(LibC.get());
            Pointer actions = Memory.allocateDirect(runtime, FILE_ACTIONS_SIZE, true);
            LibC c = LibC.get();
            c.posix_spawn_file_actions_init(actions);
            try {
                if (spec.stdio() instanceof Detached) {
                    for (int fd = 0; fd <= 2; fd++) {
                        c.posix_spawn_file_actions_addopen(actions, fd, "/dev/null", LibC.O_RDWR, 0);
                    }
                } else if (spec.stdio() instanceof Pipes) {
                    for (int fd = 0; fd <= 2; fd++) {
                        int[] pipe = new int[2];
                        if (c.pipe2(pipe, LibC.O_CLOEXEC) != 0) {
                            throw new KernelException("open", "pipe", LibC.errno(), "");
                        }
                        boolean toChild = fd == 0;
                        childEnds.add(new FileDescriptor(pipe[toChild ? 0 : 1]));
                        ownEnds.add(new FileDescriptor(pipe[toChild ? 1 : 0]));
                        c.posix_spawn_file_actions_adddup2(
                                actions, childEnds.get(fd).number(), fd);
                    }
                } else if (spec.stdio() instanceof Terminal terminal) {
                    FileDescriptor master = openTerminal();
                    ownEnds.add(master);
                    resize(master, terminal.columns(), terminal.rows());
                    // A session leader without a terminal that opens one gets it as its controlling terminal.
                    c.posix_spawn_file_actions_addopen(actions, 0, nameOf(master), LibC.O_RDWR, 0);
                    c.posix_spawn_file_actions_adddup2(actions, 0, 1);
                    c.posix_spawn_file_actions_adddup2(actions, 0, 2);
                }
                c.posix_spawn_file_actions_addclosefrom_np(actions, 3);
                int pid = spawn(runtime, spec, actions);
                return new SpawnedProcess(pid, ownEnds, spec.stdio() instanceof Terminal);
            } finally {
                c.posix_spawn_file_actions_destroy(actions);
            }
        } catch (RuntimeException e) {
            ownEnds.forEach(FileDescriptor::close);
            throw e;
        } finally {
            childEnds.forEach(FileDescriptor::close);
        }
    }

    private static int spawn(Runtime runtime, SpawnSpec spec, Pointer actions) {
        LibC c = LibC.get();
        Pointer attributes = Memory.allocateDirect(runtime, ATTRIBUTES_SIZE, true);
        Pointer signals = Memory.allocateDirect(runtime, SIGNAL_SET_SIZE, true);
        c.posix_spawnattr_init(attributes);
        try {
            c.posix_spawnattr_setflags(attributes, LibC.SPAWN_FLAGS);
            c.sigemptyset(signals);
            c.posix_spawnattr_setsigmask(attributes, signals);
            c.sigfillset(signals);
            c.posix_spawnattr_setsigdefault(attributes, signals);
            int[] pid = new int[1];
            Strings argv = new Strings(runtime, spec.argv());
            Strings environment = new Strings(runtime, spec.environment());
            int errno = c.posix_spawnp(pid, spec.file(), actions, attributes, argv.array, environment.array);
            argv.keepAlive();
            environment.keepAlive();
            if (errno != 0) {
                throw refusal(errno, spec.file());
            }
            return pid[0];
        } finally {
            c.posix_spawnattr_destroy(attributes);
        }
    }

    private static NetyardException refusal(int errno, String file) {
        return switch (errno) {
            case LibC.ENOENT ->
                new ProgramException(
                        ProgramException.NOT_FOUND, "no program '%s' here".formatted(Text.printable(file)));
            case LibC.EACCES -> notExecutable(file, "permission denied");
            case LibC.ENOEXEC -> notExecutable(file, "it is neither a program nor a script with a #! line");
            case LibC.E2BIG -> notExecutable(file, "its arguments are too long for the kernel");
            default -> new KernelException("start", file, errno, "");
        };
    }

    private static ProgramException notExecutable(String file, String why) {
        return new ProgramException(
                ProgramException.NOT_EXECUTABLE, "'%s' cannot be executed: %s".formatted(Text.printable(file), why));
    }

    private static FileDescriptor openTerminal() {
        LibC c = LibC.get();
        int number = c.posix_openpt(LibC.O_RDWR | LibC.O_NOCTTY | LibC.O_CLOEXEC);
        if (number < 0) {
            throw new KernelException("open", "pseudo terminal", LibC.errno(), "");
        }
        FileDescriptor master = new FileDescriptor(number);
        if (c.grantpt(number) != 0 || c.unlockpt(number) != 0) {
            int errno = LibC.errno();
            master.close();
            throw new KernelException("open", "pseudo terminal", errno, "");
        }
        return master;
    }

    private static String nameOf(FileDescriptor master) {
        byte[] name = new byte[TERMINAL_NAME_SIZE];
        int errno = LibC.get().ptsname_r(master.number(), name, name.length);
        if (errno != 0) {
            throw new KernelException("open", "pseudo terminal", errno, "");
        }
        int end = 0;
        while (name[end] != 0) {
            end++;
        }
        return Path.of(new String(name, 0, end, StandardCharsets.UTF_8)).toString();
    }

    /** struct winsize of asm-generic/termios.h: rows, columns, and two pixel sizes nobody uses. */
    static void resize(FileDescriptor master, int columns, int rows) {
        Pointer size = Memory.allocateDirect(Runtime.getRuntime(LibC.get()), 8, true);
        size.putShort(0, (short) rows);
        size.putShort(2, (short) columns);
        LibC.get().ioctl(master.number(), LibC.TIOCSWINSZ, size);
    }

    /** A NULL-terminated array of C strings. */
    private static final class Strings {

        private final List<Pointer> strings = new ArrayList<>();
        private final Pointer array;

        Strings(Runtime runtime, List<String> values) {
            array = Memory.allocateDirect(runtime, (values.size() + 1) * 8, true);
            for (int i = 0; i < values.size(); i++) {
                byte[] bytes = values.get(i).getBytes(StandardCharsets.UTF_8);
                if (values.get(i).indexOf('\0') >= 0) {
                    throw new IllegalArgumentException("an argument must not contain a NUL character");
                }
                Pointer string = Memory.allocateDirect(runtime, bytes.length + 1, true);
                string.put(0, bytes, 0, bytes.length);
                strings.add(string);
                array.putPointer(i * 8L, string);
            }
        }

        /** Called after the native call: until then nothing may be collected. */
        void keepAlive() {
            java.lang.ref.Reference.reachabilityFence(strings);
            java.lang.ref.Reference.reachabilityFence(array);
        }
    }
}
