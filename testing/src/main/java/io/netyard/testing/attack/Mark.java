package io.netyard.testing.attack;

import java.security.SecureRandom;
import java.util.HexFormat;

/** What a test puts into a frame to know it again wherever it shows up: 16 random bytes, which nothing on the way changes. */
public final class Mark {

    /** In bytes. */
    public static final int LENGTH = 16;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] bytes = new byte[LENGTH];

    public Mark() {
        RANDOM.nextBytes(bytes);
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** Whether a frame carries it, anywhere. */
    boolean isIn(byte[] frame) {
        for (int start = 0; start + LENGTH <= frame.length; start++) {
            int same = 0;
            while (same < LENGTH && frame[start + same] == bytes[same]) {
                same++;
            }
            if (same == LENGTH) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
