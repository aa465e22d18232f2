package io.netyard.api.bridge;

import io.netyard.api.VlanId;

/**
 * One line of a port's (or of the bridge's own) VLAN table.
 *
 * @param pvid frames that come in untagged get this VID; at most one entry of a port has it
 * @param untagged frames of this VID leave without their tag
 */
public record VlanEntry(VlanId vid, boolean pvid, boolean untagged) {

    /** {@code pvid,untagged}, {@code pvid}, {@code untagged} or {@code tagged}. */
    public String flags() {
        if (pvid) {
            return untagged ? "pvid,untagged" : "pvid";
        }
        return untagged ? "untagged" : "tagged";
    }

    @Override
    public String toString() {
        return vid + " " + flags();
    }
}
