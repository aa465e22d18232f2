package io.netyard.kernel;

/**
 * One request to be sent over netlink.
 *
 * @param type nlmsg_type, e.g. RTM_NEWLINK (linux/rtnetlink.h)
 * @param flags NLM_F_* beyond those that the transport sets itself (REQUEST, ACK, DUMP), e.g. {@link #CREATE} or {@link #EXCL}
 * @param payload what follows the nlmsghdr
 * @param operation for messages: what is asked, e.g. {@code create link}
 * @param subject for messages: of what, e.g. {@code veth11 in netns1}
 */
public record NetlinkRequest(int type, int flags, byte[] payload, String operation, String subject) {

    // linux/netlink.h
    /** NLM_F_REPLACE */
    public static final int REPLACE = 0x100;
    /** NLM_F_EXCL */
    public static final int EXCL = 0x200;
    /** NLM_F_CREATE */
    public static final int CREATE = 0x400;
    /** NLM_F_APPEND */
    public static final int APPEND = 0x800;
}
