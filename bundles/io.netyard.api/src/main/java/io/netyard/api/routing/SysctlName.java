package io.netyard.api.routing;

import io.netyard.api.Text;
import java.util.List;
import java.util.stream.Stream;

/**
 * The name of a kernel parameter below {@code net}, which each network namespace has for itself.
 *
 * <p>Spelt as in sysctl(8): with dots, {@code net.ipv4.ip_forward}, or with slashes, {@code net/ipv4/conf/veth99.10/arp_ignore}; whichever
 * of the two comes first separates, the other one is part of a name. Two spellings of the same parameter are equal.
 *
 * @param parts the names of the directories below /proc/sys and of the file, the first is {@code net}
 */
public record SysctlName(List<String> parts) implements Comparable<SysctlName> {

    private static final String NET = "net";

    public SysctlName {
        parts = List.copyOf(parts);
        String text = Text.printable(String.join("/", parts));
        if (parts.size() < 2 || !parts.get(0).equals(NET)) {
            throw new IllegalArgumentException(
                    "'%s' is not a sysctl of a network namespace: those begin with net., e.g. net.ipv4.ip_forward"
                            .formatted(text));
        }
        for (String part : parts) {
            if (part.isEmpty()
                    || part.equals(".")
                    || part.equals("..")
                    || part.indexOf('/') >= 0
                    || part.chars().anyMatch(c -> Character.isISOControl(c) || Character.isWhitespace(c))) {
                throw new IllegalArgumentException(
                        "'%s' is not the name of a sysctl, such as net.ipv4.ip_forward".formatted(text));
            }
        }
    }

    /** @throws IllegalArgumentException if it cannot be the name of one, with a message for the user */
    public static SysctlName parse(String text) {
        int dot = text.indexOf('.');
        int slash = text.indexOf('/');
        boolean dots = dot >= 0 && (slash < 0 || dot < slash);
        return new SysctlName(Stream.of(text.split(dots ? "\\." : "/", -1))
                .map(part -> dots ? part.replace('/', '.') : part)
                .toList());
    }

    /** With dots where that is possible, else with slashes. */
    @Override
    public String toString() {
        return String.join(parts.stream().anyMatch(part -> part.indexOf('.') >= 0) ? "/" : ".", parts);
    }

    /** Relative to /proc/sys. */
    public String path() {
        return String.join("/", parts);
    }

    /**
     * For a parameter of one interface, the one that gives new interfaces their value: {@code net.ipv4.conf.default.arp_ignore} for {@code
     * net.ipv4.conf.veth11.arp_ignore}. Any other is its own default.
     */
    public SysctlName ofNewInterfaces() {
        if (!isPerInterface()) {
            return this;
        }
        return new SysctlName(List.of(parts.get(0), parts.get(1), parts.get(2), "default", parts.get(4)));
    }

    /** True for a parameter of one interface, as in {@code net.ipv4.conf.veth11.arp_ignore} and {@code net.ipv6.neigh.veth11.…}. */
    public boolean isPerInterface() {
        return parts.size() == 5
                && (parts.get(2).equals("conf") || parts.get(2).equals("neigh"))
                && !parts.get(3).equals("all")
                && !parts.get(3).equals("default");
    }

    @Override
    public int compareTo(SysctlName other) {
        return path().compareTo(other.path());
    }
}
