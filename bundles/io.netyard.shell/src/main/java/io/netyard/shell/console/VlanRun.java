package io.netyard.shell.console;

import static java.util.stream.Collectors.joining;

import io.netyard.api.bridge.VlanEntry;
import java.util.ArrayList;
import java.util.List;

/** Neighbouring entries of a VLAN table that have the same flags: for people, whom four thousand lines do not help. */
public record VlanRun(VlanRange vids, String flags) {

    /** @param entries one device's table, by ascending VID */
    public static List<VlanRun> of(List<VlanEntry> entries) {
        List<VlanRun> runs = new ArrayList<>();
        for (VlanEntry entry : entries) {
            VlanRun last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
            if (last != null
                    && last.flags.equals(entry.flags())
                    && last.vids.last().value() + 1 == entry.vid().value()) {
                runs.set(runs.size() - 1, new VlanRun(new VlanRange(last.vids.first(), entry.vid()), last.flags));
            } else {
                runs.add(new VlanRun(new VlanRange(entry.vid(), entry.vid()), entry.flags()));
            }
        }
        return runs;
    }

    /** A whole table in one line; empty if it is empty. */
    public static String line(List<VlanEntry> entries) {
        return of(entries).stream().map(VlanRun::toString).collect(joining("; "));
    }

    @Override
    public String toString() {
        return vids + " " + flags;
    }
}
