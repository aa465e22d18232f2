package io.netyard.proof;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What an echo request of ours carries, so that its answer can be told from all others: other programs' and those of an
 * earlier run.
 *
 * @param run random, the same for all requests of one run
 * @param pair index of the pair that asks
 * @param attempt which of the pair's requests it is, from 0
 */
record Token(long run, int pair, int attempt) {

    /** In bytes. */
    static final int LENGTH = 16;

    byte[] toBytes() {
        return ByteBuffer.allocate(LENGTH)
                .putLong(run)
                .putInt(pair)
                .putInt(attempt)
                .array();
    }

    static Optional<Token> of(byte[] payload) {
        if (payload.length != LENGTH) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(payload);
        return Optional.of(new Token(in.getLong(), in.getInt(), in.getInt()));
    }
}
