package io.netyard.lab.file;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.Text;
import io.netyard.api.lab.Check.Connection;
import io.netyard.api.lab.Check.Identity;
import io.netyard.api.lab.Sight;
import io.netyard.lab.file.Lab.Expect;
import io.netyard.lab.file.Lab.Neighbours;
import io.netyard.lab.file.Lab.Outlook;
import io.netyard.lab.file.Lab.Pairs;
import io.netyard.lab.file.Lab.Probe;
import io.netyard.lab.file.Lab.Spot;
import io.netyard.lab.file.Lab.Target;
import io.netyard.lab.file.Lab.TcpAttempt;
import io.netyard.lab.file.Value.Entry;
import io.netyard.lab.file.Value.Scalar;
import io.netyard.lab.file.Value.Sequence;
import io.netyard.lab.network.Place;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a file promises: {@code expect} and {@code targets}. Names are resolved later, by {@link Promises}. */
final class ExpectReader {

    private static final Pattern SPACE = Pattern.compile("[\\s,]+");
    private static final Pattern TAGS = Pattern.compile("tag (\\d{1,4}(?:\\.\\d{1,4})*)");
    private static final Pattern SERVER = Pattern.compile("([^:]+)(?::(\\d{1,5}))?");

    private static final String SIGHTS = "say 'untagged', 'tag 50', 'tag 50.10' (outer tag first) or 'nothing'";

    private final Problems problems;

    ExpectReader(Problems problems) {
        this.problems = problems;
    }

    /** One mapping, or a list of them that are told one after the other. */
    List<Expect> expect(Value value) {
        if (value instanceof Sequence list) {
            return list.items().stream().map(this::one).toList();
        }
        return List.of(one(value));
    }

    private Expect one(Value value) {
        Fields fields = Fields.of(
                value,
                "expect",
                problems,
                "reach",
                "isolated",
                "vlans",
                "arp",
                "broadcast",
                "see",
                "trace",
                "tagged",
                "neighbours",
                "tcp");
        Fields arp = fields.given("arp")
                .map(given -> Fields.of(given, "arp", problems, "reach", "isolated"))
                .orElseGet(() -> Fields.of(Value.EMPTY, "arp", problems));
        return new Expect(
                pairs(fields),
                fields.texts("vlans", text -> text).orElse(List.of()),
                pairs(arp),
                probes(fields, "broadcast"),
                probes(fields, "see"),
                probes(fields, "trace"),
                tagged(fields),
                neighbours(fields),
                tcp(fields));
    }

    private static Pairs pairs(Fields fields) {
        return new Pairs(
                fields.texts("reach", text -> text).orElse(List.of()),
                fields.texts("isolated", text -> text).orElse(List.of()));
    }

    private List<Probe> probes(Fields fields, String kind) {
        List<Probe> probes = new ArrayList<>();
        fields.named(kind)
                .forEach((key, entry) -> probes.add(probe(new At<>(key, entry.keyPosition()), kind, List.of(), entry)));
        return probes;
    }

    private List<Probe> tagged(Fields fields) {
        List<Probe> probes = new ArrayList<>();
        fields.named("tagged").forEach((from, frames) -> Fields.of(
                        new Value.Mapping(Map.of("tagged", frames), frames.keyPosition()), "tagged", problems, "tagged")
                .named("tagged")
                .forEach((tags, entry) -> fields.key(tags, entry, ExpectReader::tags)
                        .ifPresent(vids -> probes.add(
                                probe(new At<>(from, frames.keyPosition()), "tagged", vids.value(), entry)))));
        return probes;
    }

    private Probe probe(At<String> key, String kind, List<Integer> tags, Entry entry) {
        String what = "%s of %s".formatted(kind, Text.printable(key.value()));
        boolean trace = kind.equals("trace");
        Map<String, Entry> entries = new LinkedHashMap<>(Fields.entries(entry.value(), what, problems));
        boolean answered = true;
        if (trace && entries.containsKey("answered")) {
            Entry given = entries.remove("answered");
            answered = Fields.of(
                            new Value.Mapping(Map.of("answered", given), given.keyPosition()),
                            what,
                            problems,
                            "answered")
                    .flag("answered")
                    .orElse(true);
        }
        if (entries.isEmpty() && !(trace && entry.value() instanceof Value.Mapping)) {
            problems.add(key.position(), what + " names no place; give NODE:INTERFACE and what is to be seen there");
        }
        List<Spot> spots = new ArrayList<>();
        entries.forEach((places, seen) -> {
            Optional<Outlook> request = Optional.empty();
            Optional<Outlook> reply = Optional.empty();
            if (kind.equals("see") && seen.value() instanceof Value.Mapping) {
                Fields both = Fields.of(seen.value(), what, problems, "request", "reply");
                request = both.text("request", text -> outlook(text, false)).map(At::value);
                reply = both.text("reply", text -> outlook(text, false)).map(At::value);
                if (!both.has("request") || !both.has("reply")) {
                    problems.add(seen.keyPosition(), what + " needs both, request and reply, or one value for both");
                }
            } else {
                request = outlook(seen.value(), trace);
                reply = request;
            }
            for (String place : SPACE.split(places.trim())) {
                Optional<At<Place>> at = place(place, seen.keyPosition());
                if (at.isPresent() && request.isPresent() && reply.isPresent()) {
                    spots.add(new Spot(at.get(), request.get(), reply.get()));
                }
            }
        });
        return new Probe(key, tags, answered, spots);
    }

    private Optional<At<Place>> place(String text, Position position) {
        int colon = text.indexOf(':');
        try {
            if (colon < 1) {
                throw new IllegalArgumentException(
                        "'%s' is no place; write NODE:INTERFACE".formatted(Text.printable(text)));
            }
            Place place = new Place(text.substring(0, colon), new InterfaceName(text.substring(colon + 1)));
            return Optional.of(new At<>(place, position));
        } catch (IllegalArgumentException e) {
            problems.add(position, e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<Outlook> outlook(Value value, boolean withSource) {
        if (!(value instanceof Scalar scalar)) {
            problems.add(value.position(), SIGHTS);
            return Optional.empty();
        }
        try {
            return Optional.of(outlook(scalar.text(), withSource));
        } catch (IllegalArgumentException e) {
            problems.add(value.position(), e.getMessage());
            return Optional.empty();
        }
    }

    private static Outlook outlook(String text, boolean withSource) {
        String rest = text.trim();
        if (rest.equals("nothing")) {
            return new Outlook(Optional.empty());
        }
        Optional<InetAddress> source = Optional.empty();
        int space = rest.indexOf(' ');
        if (withSource && space > 0 && !rest.startsWith("tag ")) {
            source = Optional.of(IpPrefix.parseAddress(rest.substring(0, space)));
            rest = rest.substring(space).trim();
        }
        if (rest.equals("untagged")) {
            return new Outlook(Optional.of(new Sight(List.of(), 1, source)));
        }
        Matcher tagged = TAGS.matcher(rest);
        if (!tagged.matches()) {
            throw new IllegalArgumentException("'%s' is nothing that can be seen; %s%s"
                    .formatted(
                            Text.printable(text),
                            SIGHTS,
                            withSource ? ", with the source address before it: '192.168.5.1 tag 10'" : ""));
        }
        return new Outlook(Optional.of(new Sight(tags(tagged.group(1)), 1, source)));
    }

    private static List<Integer> tags(String text) {
        if (!text.matches("\\d{1,4}(\\.\\d{1,4})*")) {
            throw new IllegalArgumentException(
                    "'%s' is no tag; write 50, or '50.10' with the outer tag first".formatted(Text.printable(text)));
        }
        List<Integer> tags =
                Arrays.stream(text.split("\\.")).map(Integer::valueOf).toList();
        if (tags.stream().anyMatch(tag -> tag > 4095)) {
            throw new IllegalArgumentException("the VID of a tag is 0..4095: " + text);
        }
        return tags;
    }

    private List<Neighbours> neighbours(Fields fields) {
        List<Neighbours> neighbours = new ArrayList<>();
        fields.named("neighbours").forEach((node, addresses) -> Fields.entries(
                        addresses.value(), "neighbours of " + Text.printable(node), problems)
                .forEach((address, entry) -> fields.key(address, entry, IpPrefix::parseAddress)
                        .ifPresent(ip -> fields.text(entry.value(), "neighbours", ExpectReader::identity)
                                .ifPresent(identity -> neighbours.add(new Neighbours(
                                        new At<>(node, addresses.keyPosition()), ip.value(), identity.value()))))));
        return neighbours;
    }

    private static Identity identity(String text) {
        return switch (text) {
            case "real" -> Identity.REAL;
            case "forged" -> Identity.FORGED;
            case "none" -> Identity.NONE;
            default ->
                throw new IllegalArgumentException(
                        "'%s' is no neighbour; say real, forged or none".formatted(Text.printable(text)));
        };
    }

    private List<TcpAttempt> tcp(Fields fields) {
        List<TcpAttempt> attempts = new ArrayList<>();
        fields.named("tcp").forEach((key, entry) -> fields.text(entry.value(), "tcp", text -> attempt(key, entry, text))
                .ifPresent(at -> attempts.add(at.value())));
        return attempts;
    }

    private static TcpAttempt attempt(String key, Entry entry, String text) {
        At<String> pair = new At<>(key, entry.keyPosition());
        if (text.startsWith("peer ")) {
            InetAddress peer =
                    IpPrefix.parseAddress(text.substring("peer ".length()).trim());
            return new TcpAttempt(pair, Connection.OK, Optional.of(peer));
        }
        return switch (text) {
            case "ok", "fail", "refused" ->
                new TcpAttempt(pair, Connection.valueOf(text.toUpperCase(Locale.ROOT)), Optional.empty());
            default ->
                throw new IllegalArgumentException(
                        "'%s' is no outcome; say ok, 'peer ADDRESS' (ok, and the server sees that address), fail or refused"
                                .formatted(Text.printable(text)));
        };
    }

    /** An address, or a mapping with the address and what else is to be known for connections. */
    Optional<Target> target(At<String> name, Value value) {
        String what = "target " + name;
        if (!(value instanceof Value.Mapping)) {
            return Fields.of(Value.EMPTY, what, problems)
                    .text(value, what, IpPrefix::parseAddress)
                    .map(address -> new Target(name, address.value(), OptionalInt.empty(), Optional.empty()));
        }
        Fields fields = Fields.of(value, what, problems, "address", "port", "server");
        if (!fields.has("address")) {
            problems.add(name.position(), what + " has no address");
        }
        Optional<At<Integer>> port = fields.number("port", ExpectReader::port);
        Optional<At<Lab.Server>> server = fields.text("server", ExpectReader::server);
        return fields.text("address", IpPrefix::parseAddress)
                .map(address -> new Target(
                        name,
                        address.value(),
                        port.map(at -> OptionalInt.of(at.value())).orElse(OptionalInt.empty()),
                        server));
    }

    static int port(int value) {
        if (value < 1 || value > 65_535) {
            throw new IllegalArgumentException("a TCP port is 1..65535, was " + value);
        }
        return value;
    }

    private static Lab.Server server(String text) {
        Matcher matcher = SERVER.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no server; write NODE or NODE:PORT".formatted(Text.printable(text)));
        }
        return new Lab.Server(
                matcher.group(1),
                matcher.group(2) == null
                        ? OptionalInt.empty()
                        : OptionalInt.of(port(Integer.parseInt(matcher.group(2)))));
    }
}
