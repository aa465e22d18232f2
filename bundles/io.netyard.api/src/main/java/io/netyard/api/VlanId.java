package io.netyard.api;

/**
 * A VLAN identifier (VID), the 12-bit field of an 802.1Q tag (IEEE 802.1Q, 9.6).
 *
 * @param value {@value #MIN} to {@value #MAX}; 0 means "priority tag only" and 4095 is reserved by the standard
 */
public record VlanId(int value) implements Comparable<VlanId> {

    public static final int MIN = 1;
    public static final int MAX = 4094;

    public VlanId {
        if (value < MIN || value > MAX) {
            throw new IllegalArgumentException("VLAN id must be %d..%d, was %d".formatted(MIN, MAX, value));
        }
    }

    @Override
    public int compareTo(VlanId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
