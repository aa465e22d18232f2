package io.netyard.kernel.libc;

import io.netyard.api.RequestException;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.annotations.SaveError;

/**
 * The libc calls that Netyard needs, as C declares them: no logic here. Those marked {@code SaveError} leave errno in
 * {@link #errno()} of the calling thread.
 *
 * <p>Sizes of libc's own structures are those of glibc on 64-bit Linux, rounded up.
 */
public interface LibC {

    // fcntl.h
    int O_RDONLY = 0;
    int O_RDWR = 2;
    int O_NOCTTY = 0x100;
    int O_NONBLOCK = 0x800;
    int O_CLOEXEC = 0x80000;
    int O_DIRECTORY = "aarch64".equals(System.getProperty("os.arch")) ? 0x4000 : 0x10000;
    int AT_FDCWD = -100;
    int AT_NO_AUTOMOUNT = 0x800;
    int AT_EMPTY_PATH = 0x1000;
    int O_PATH = 0x200000;

    // sched.h
    int CLONE_FS = 0x200;
    int CLONE_NEWNS = 0x00020000;
    int CLONE_NEWUTS = 0x04000000;
    int CLONE_NEWNET = 0x40000000;

    // sys/socket.h, linux/netlink.h
    int AF_INET = 2;
    int AF_INET6 = 10;
    int AF_NETLINK = 16;
    int AF_PACKET = 17;
    int SOCK_RAW = 3;
    int SOCK_CLOEXEC = 0x80000;
    int SOCK_NONBLOCK = 0x800;
    int SOL_SOCKET = 1;
    int SO_RCVBUF = 8;
    int SO_RCVTIMEO = 20;
    int SO_RCVBUFFORCE = 33;
    int SOL_NETLINK = 270;
    int NETLINK_ROUTE = 0;
    int NETLINK_NETFILTER = 12;
    int NETLINK_ADD_MEMBERSHIP = 1;
    int NETLINK_LISTEN_ALL_NSID = 8;
    int NETLINK_CAP_ACK = 10;
    int NETLINK_EXT_ACK = 11;
    int NETLINK_GET_STRICT_CHK = 12;
    int MSG_PEEK = 2;
    int MSG_TRUNC = 0x20;
    int MSG_DONTWAIT = 0x40;

    // poll.h
    short POLLIN = 1;

    short POLLPRI = 2;

    // sys/mount.h
    long MS_BIND = 4096;
    long MS_REC = 16384;
    long MS_PRIVATE = 1 << 18;
    long MS_SHARED = 1 << 20;
    int MNT_DETACH = 2;

    // asm-generic/errno-base.h, asm-generic/errno.h
    int EPERM = 1;
    int ENOENT = 2;
    int ESRCH = 3;
    int EINTR = 4;
    int E2BIG = 7;
    int ENOEXEC = 8;
    int EAGAIN = 11;
    int EACCES = 13;
    int ENOTDIR = 20;
    int EINVAL = 22;
    int EPROTO = 71;
    int ENOBUFS = 105;
    int ETIMEDOUT = 110;

    // signal.h
    int SIGHUP = 1;
    int SIGKILL = 9;
    int SIGTERM = 15;

    @SaveError
    int socket(int domain, int type, int protocol);

    @SaveError
    int bind(int socket, @In byte[] address, int length);

    @SaveError
    int setsockopt(int socket, int level, int option, @In byte[] value, int length);

    @SaveError
    long sendto(int socket, @In byte[] buffer, long length, int flags, @In byte[] address, int addressLength);

    @SaveError
    long recv(int socket, Pointer buffer, long length, int flags);

    @SaveError
    long recvfrom(int socket, Pointer buffer, long length, int flags, Pointer address, @In @Out int[] addressLength);

    /** @param message struct msghdr */
    @SaveError
    long recvmsg(int socket, Pointer message, int flags);

    @SaveError
    int getsockname(int socket, Pointer address, @In @Out int[] addressLength);

    /** Looks in the network namespace of the calling thread. @return 0 if there is none */
    @SaveError
    int if_nametoindex(String name);

    /** @param fds array of struct pollfd: int fd, short events, short revents */
    @SaveError
    int poll(Pointer fds, long count, int timeoutMillis);

    @SaveError
    int open(String path, int flags);

    /** @param path NUL-terminated, like those of the calls below: made once in memory of its own, as these calls come by the thousand */
    @SaveError
    int openat(int directory, Pointer path, int flags);

    @SaveError
    int close(int fd);

    @SaveError
    long read(int fd, @Out byte[] buffer, long length);

    @SaveError
    long read(int fd, Pointer buffer, long length);

    /** @return the length of what {@code buffer} has got, which ends with no NUL */
    @SaveError
    long readlinkat(int directory, Pointer path, Pointer buffer, long size);

    /** @param buffer gets struct linux_dirent64: u64 inode, s64 offset, u16 length of all, u8 type, name ended by a NUL */
    @SaveError
    long getdents64(int directory, Pointer buffer, long size);

    /** @param buffer gets struct statx (linux/stat.h), which is the same everywhere */
    @SaveError
    int statx(int directory, Pointer path, int flags, int mask, Pointer buffer);

    // linux/stat.h: masks of statx(2), and where their fields are in its structure
    int STATX_NLINK = 0x4;
    int STATX_INO = 0x100;
    int STATX_NLINK_OFFSET = 16;
    int STATX_INO_OFFSET = 32;
    int STATX_DEV_OFFSET = 136;

    /** @param names gets struct utsname: six fields of UTSNAME_LENGTH bytes, each ended by a NUL; the second is the host name */
    @SaveError
    int uname(Pointer names);

    int UTSNAME_LENGTH = 65;

    /**
     * @param passwd gets struct passwd, which begins with a pointer to the name
     * @param result gets a pointer to {@code passwd}, or null if nobody has this uid
     * @return the error
     */
    int getpwuid_r(int uid, Pointer passwd, Pointer buffer, long size, Pointer result);

    @SaveError
    long write(int fd, @In byte[] buffer, long length);

    @SaveError
    int pipe2(@Out int[] fds, int flags);

    @SaveError
    int setns(int fd, int namespaceType);

    @SaveError
    int unshare(int flags);

    @SaveError
    int sethostname(@In byte[] name, long length);

    @SaveError
    int mount(String source, String target, String type, long flags, Pointer data);

    @SaveError
    int umount2(String target, int flags);

    @SaveError
    int kill(int pid, int signal);

    @SaveError
    int waitpid(int pid, @Out int[] status, int options);

    @SaveError
    long syscall(long number, long a, long b, long c, long d);

    @SaveError
    int ioctl(int fd, long request, Pointer argument);

    @SaveError
    int posix_openpt(int flags);

    @SaveError
    int grantpt(int fd);

    @SaveError
    int unlockpt(int fd);

    int ptsname_r(int fd, @Out byte[] buffer, long length);

    /** asm-generic/ioctls.h */
    long TIOCSWINSZ = 0x5414;

    /** linux/sockios.h: a new descriptor of the network namespace of a socket. */
    long SIOCGSKNS = 0x894c;

    // asm-generic/unistd.h; the same on every ABI
    long SYS_PIDFD_SEND_SIGNAL = 424;
    long SYS_PIDFD_OPEN = 434;
    long SYS_PIDFD_GETFD = 438;

    // linux/nsfs.h
    long NS_GET_USERNS = 0xb701;
    long NS_GET_PARENT = 0xb702;

    // spawn.h: these return the error instead of setting errno

    /** POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID */
    short SPAWN_FLAGS = 0x04 | 0x08 | 0x80;

    int posix_spawnp(
            @Out int[] pid, String file, Pointer fileActions, Pointer attributes, Pointer argv, Pointer environment);

    int posix_spawn_file_actions_init(Pointer actions);

    int posix_spawn_file_actions_destroy(Pointer actions);

    int posix_spawn_file_actions_addopen(Pointer actions, int fd, String path, int flags, int mode);

    int posix_spawn_file_actions_adddup2(Pointer actions, int fd, int newFd);

    int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int from);

    int posix_spawnattr_init(Pointer attributes);

    int posix_spawnattr_destroy(Pointer attributes);

    int posix_spawnattr_setflags(Pointer attributes, short flags);

    int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

    int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

    int sigemptyset(Pointer signals);

    int sigfillset(Pointer signals);

    /**
     * Loaded at first use, so that a machine where it cannot be loaded says so there and not at bundle start.
     *
     * @throws RequestException if it cannot be loaded
     */
    static LibC get() {
        if (Loaded.LIBC == null) {
            throw new RequestException(
                    "The C library cannot be called on this machine (%s). Netyard needs 64-bit Linux with glibc 2.34 or later on x86_64 or aarch64, and a directory for temporary files (%s) that is writable and not mounted noexec"
                            .formatted(Loaded.failure, System.getProperty("java.io.tmpdir")),
                    Loaded.failure);
        }
        return Loaded.LIBC;
    }

    /** errno of this thread's last marked call. */
    static int errno() {
        return Runtime.getRuntime(get()).getLastError();
    }

    /** Holds the one instance. */
    final class Loaded {

        private static Throwable failure;

        private static final LibC LIBC = load();

        private Loaded() {}

        private static LibC load() {
            try {
                return LibraryLoader.create(LibC.class).failImmediately().load("c");
            } catch (LinkageError | RuntimeException e) {
                failure = e;
                return null;
            }
        }
    }
}
