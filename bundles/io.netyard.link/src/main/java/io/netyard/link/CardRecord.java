package io.netyard.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.NetnsRef;
import io.netyard.kernel.route.InterfaceState;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a lent card was, and where it has gone.
 *
 * @param name in the host's namespace
 * @param index its ifindex there
 * @param as its name where it has gone
 * @param alias IFLA_IFALIAS before it was marked; may be empty
 */
record CardRecord(
        InterfaceName name,
        int index,
        NetnsRef netns,
        InterfaceName as,
        String owner,
        boolean up,
        Optional<Mtu> mtu,
        Optional<MacAddress> mac,
        String alias,
        InterfaceState state) {

    private static final String ADDRESS = "address";
    private static final String ROUTE = "route";

    /** One fact a line, the word and a blank before it; the value is the rest of the line. */
    String text() {
        List<String> lines = new ArrayList<>();
        lines.add("name " + name);
        lines.add("index " + index);
        lines.add("netns " + netns.inode());
        lines.add("net " + netns.net());
        netns.uts().ifPresent(uts -> lines.add("uts " + uts));
        lines.add("as " + as);
        lines.add("owner " + owner);
        lines.add("up " + up);
        mtu.ifPresent(value -> lines.add("mtu " + value.bytes()));
        mac.ifPresent(value -> lines.add("mac " + value));
        // An alias is free text, line feeds included.
        lines.add("alias " + alias.replace("\\", "\\\\").replace("\n", "\\n"));
        state.addresses().forEach(address -> lines.add(ADDRESS + " " + address));
        state.routes().forEach(route -> lines.add(ROUTE + " " + route));
        return String.join("\n", lines) + "\n";
    }

    /** @throws IllegalArgumentException if that is not what {@link #text} wrote */
    static CardRecord parse(String text) {
        Map<String, String> facts = new LinkedHashMap<>();
        List<String> addresses = new ArrayList<>();
        List<String> routes = new ArrayList<>();
        text.lines().forEach(line -> {
            int blank = line.indexOf(' ');
            if (blank < 0) {
                throw new IllegalArgumentException("'" + line + "' tells nothing");
            }
            String word = line.substring(0, blank);
            String value = line.substring(blank + 1);
            switch (word) {
                case ADDRESS -> addresses.add(value);
                case ROUTE -> routes.add(value);
                default -> facts.put(word, value);
            }
        });
        return new CardRecord(
                new InterfaceName(fact(facts, "name")),
                Integer.parseInt(fact(facts, "index")),
                new NetnsRef(
                        Long.parseLong(fact(facts, "netns")),
                        Path.of(fact(facts, "net")),
                        Optional.ofNullable(facts.get("uts")).map(Path::of)),
                new InterfaceName(fact(facts, "as")),
                fact(facts, "owner"),
                Boolean.parseBoolean(fact(facts, "up")),
                Optional.ofNullable(facts.get("mtu")).map(value -> new Mtu(Integer.parseInt(value))),
                Optional.ofNullable(facts.get("mac")).map(MacAddress::parse),
                plain(fact(facts, "alias")),
                new InterfaceState(addresses, routes));
    }

    private static String fact(Map<String, String> facts, String word) {
        String value = facts.get(word);
        if (value == null) {
            throw new IllegalArgumentException(word + " is missing");
        }
        return value;
    }

    private static String plain(String escaped) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c == '\\' && i + 1 < escaped.length()) {
                plain.append(escaped.charAt(++i) == 'n' ? '\n' : escaped.charAt(i));
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
