package io.netyard.netns;

import io.netyard.api.NetnsRef;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;

/**
 * The namespace of a process.
 *
 * @param startTime in clock ticks since boot
 * @param inode of its network namespace
 */
record Attachment(long pid, long startTime, long inode) implements Anchor {

    @Override
    public boolean isValid() {
        return Processes.startTime(pid).equals(OptionalLong.of(startTime))
                && Processes.netInode(pid).equals(OptionalLong.of(inode));
    }

    @Override
    public NetnsRef ref() {
        return new NetnsRef(
                inode, Processes.net(pid), Optional.of(Processes.uts(pid)).filter(LinuxNamespaces::isNotOurs));
    }

    @Override
    public OptionalLong process() {
        return OptionalLong.of(pid);
    }

    @Override
    public void write(Properties properties) {
        properties.setProperty("pid", Long.toString(pid));
        properties.setProperty("start", Long.toString(startTime));
        properties.setProperty("inode", Long.toString(inode));
    }
}
