package io.netyard.api.firewall;

/** TCP or UDP ports {@code first} to {@code last}, inclusive, each 1 to 65535. */
public record PortRange(int first, int last) {

    /** The largest port (RFC 9293, 3.1: 16 bits). */
    public static final int LARGEST = 65_535;

    public PortRange {
        requirePort(first);
        requirePort(last);
        if (first > last) {
            throw new IllegalArgumentException(
                    "ports %d-%d: the first must not be larger than the last".formatted(first, last));
        }
    }

    static void requirePort(int port) {
        if (port < 1 || port > LARGEST) {
            throw new IllegalArgumentException("a port must be 1..%d, was %d".formatted(LARGEST, port));
        }
    }

    /** {@code 80} or {@code 8000-8080}. */
    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
