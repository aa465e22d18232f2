package io.netyard.api.inventory;

/**
 * A process of this host, as /proc shows it. All text is printable as it is: what comes from the process has had its control characters and
 * undecodable bytes replaced and is cut to a length that a console can take.
 *
 * @param pid as seen by the appliance
 * @param parent 0 if it has none that the appliance can see
 * @param startTime in clock ticks since boot (proc_pid_stat(5), field 22): with the pid, its identity until reboot
 * @param uid effective user id, as seen by the appliance
 * @param user name of {@code uid}, or its number if it has none
 * @param command its arguments with spaces between, or its name in brackets if it has none (kernel threads, zombies), as ps(1) shows it
 */
public record HostProcess(long pid, long parent, long startTime, long uid, String user, String command) {}
