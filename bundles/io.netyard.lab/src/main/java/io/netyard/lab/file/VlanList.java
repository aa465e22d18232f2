package io.netyard.lab.file;

import io.netyard.api.Text;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a VLAN table as {@code bridge vlan} words it: {@code 10 pvid untagged}, {@code 20}, {@code 100-200}. */
final class VlanList {

    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

    /** One line of a table: the VIDs from {@code first} to {@code last} with the same flags. */
    private record Line(VlanId first, VlanId last, boolean pvid, boolean untagged) {}

    private VlanList() {}

    /** @return in order of VID */
    static List<VlanEntry> read(Fields fields, Value value, String what, Problems problems) {
        Map<VlanId, VlanEntry> table = new TreeMap<>();
        Optional<VlanId> pvid = Optional.empty();
        for (At<Line> at : fields.texts(value, what, VlanList::line)) {
            Line line = at.value();
            if (line.pvid() && pvid.isPresent()) {
                problems.add(
                        at.position(),
                        "a second PVID, %s after %s: untagged frames can go to one VLAN only"
                                .formatted(line.first(), pvid.get()));
            }
            pvid = line.pvid() ? Optional.of(line.first()) : pvid;
            for (int vid = line.first().value(); vid <= line.last().value(); vid++) {
                VlanEntry entry = new VlanEntry(new VlanId(vid), line.pvid(), line.untagged());
                if (table.put(entry.vid(), entry) != null) {
                    problems.add(at.position(), "VLAN %d is in this table already".formatted(vid));
                    break;
                }
            }
        }
        return new ArrayList<>(table.values());
    }

    private static Line line(String text) {
        String[] words = text.trim().split("[\\s,]+");
        Matcher range = RANGE.matcher(words[0]);
        if (!range.matches()) {
            throw wrong(text);
        }
        VlanId first = new VlanId(Integer.parseInt(range.group(1)));
        VlanId last = range.group(2) == null ? first : new VlanId(Integer.parseInt(range.group(2)));
        List<String> flags = List.of(words).subList(1, words.length);
        boolean pvid = flags.contains("pvid");
        boolean untagged = flags.contains("untagged");
        for (String flag : flags) {
            if (!List.of("pvid", "untagged", "tagged").contains(flag)) {
                throw wrong(text);
            }
        }
        if (untagged && flags.contains("tagged")) {
            throw new IllegalArgumentException("'%s' is both tagged and untagged".formatted(Text.printable(text)));
        }
        if (first.compareTo(last) > 0) {
            throw new IllegalArgumentException("range '%s' ends before it starts".formatted(words[0]));
        }
        if (pvid && !first.equals(last)) {
            throw new IllegalArgumentException("range '%s' cannot be the PVID: that is one VLAN".formatted(words[0]));
        }
        return new Line(first, last, pvid, untagged);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException("'%s' is not a VLAN entry such as '10 pvid untagged', '20' or '100-200'"
                .formatted(Text.printable(text)));
    }
}
