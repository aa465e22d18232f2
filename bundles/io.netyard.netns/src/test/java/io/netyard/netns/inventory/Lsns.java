package io.netyard.netns.inventory;

import io.netyard.api.inventory.NamespaceId;
import io.netyard.api.inventory.NamespaceType;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code lsns --json} says: its columns by namespace. */
final class Lsns {

    private static final String COLUMNS = "NS,TYPE,NPROCS,PID,PPID,UID,USER,NSFS,PNS,ONS,COMMAND";

    /** One member of an object stands in a line; commands may contain what Java takes for the end of one. */
    private static final Pattern MEMBER =
            Pattern.compile("\\s*\"([a-z]+)\": ?(?:\"(.*)\"|(\\d+)|null),?", Pattern.DOTALL);

    private Lsns() {}

    static Map<NamespaceId, Map<String, String>> now() throws IOException {
        Map<NamespaceId, Map<String, String>> found = new LinkedHashMap<>();
        Map<String, String> row = new HashMap<>();
        for (String line : Run.command("lsns", "--json", "--list", "--output", COLUMNS)
                .lines()
                .toList()) {
            Matcher member = MEMBER.matcher(line);
            if (member.matches()) {
                String value = member.group(2) != null ? member.group(2) : member.group(3);
                row.put(member.group(1), value == null ? "" : value);
            } else if (line.strip().startsWith("}") && row.containsKey("ns")) {
                found.put(
                        new NamespaceId(NamespaceType.of(row.get("type")).orElseThrow(), Long.parseLong(row.get("ns"))),
                        Map.copyOf(row));
                row.clear();
            }
        }
        return found;
    }
}
