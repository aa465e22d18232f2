package io.netyard.kernel;

import io.netyard.kernel.libc.LibC;
import java.util.Optional;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/** The names of user ids, from wherever this host keeps them (nsswitch.conf(5)): see getpwuid_r(3). */
public final class UserNames {

    /** struct passwd, glibc on 64 bit: 48 bytes. */
    private static final int PASSWD = 64;

    private static final int BUFFER = 16 * 1024;

    private UserNames() {}

    /** Empty if nobody has that uid, or it cannot be told. */
    public static Optional<String> of(long uid) {
        Runtime runtime = Runtime.getRuntime(LibC.get());
        Pointer passwd = Memory.allocateDirect(runtime, PASSWD);
        Pointer buffer = Memory.allocateDirect(runtime, BUFFER);
        Pointer result = Memory.allocateDirect(runtime, Long.BYTES);
        int error = LibC.get().getpwuid_r((int) uid, passwd, buffer, BUFFER, result);
        if (error != 0 || result.getAddress(0) == 0) {
            return Optional.empty();
        }
        return Optional.of(passwd.getPointer(0).getString(0));
    }
}
