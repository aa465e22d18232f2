package io.netyard.kernel;

/**
 * One message that the kernel sent.
 *
 * @param type nlmsg_type
 * @param flags nlmsg_flags
 * @param payload what follows the nlmsghdr
 */
public record NetlinkMessage(int type, int flags, byte[] payload) {}
