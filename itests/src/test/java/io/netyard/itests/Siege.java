package io.netyard.itests;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import io.netyard.api.link.Links;
import io.netyard.api.netns.Namespaces;
import io.netyard.kernel.packet.ArpPacket;
import io.netyard.kernel.packet.EthernetFrame;
import io.netyard.testing.attack.Intruder;
import io.netyard.testing.attack.Lookout;
import io.netyard.testing.attack.Lookout.Seen;
import io.netyard.testing.attack.Mark;
import io.netyard.testing.attack.Victim;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The members of experiment 6 under attack by one another: all attacks at once, and what becomes of them, in the lines of the experiments'
 * expected files. A question is a line up to its outcome:
 *
 * <ul>
 *   <li>{@code mitm A B}, {@code mitm6 A B}: netns9 tells A that it is B, and B that it is A; then A pings B, over IPv4 or IPv6
 *   <li>{@code neigh A ADDRESS}: whom A takes for the owner of the address in the end, see {@link #solicit} as well
 *   <li>{@code inject LABEL NODE:INTERFACE}: where a forged frame comes in; the labels are those of {@link #inject}
 *   <li>{@code ra SENDER TAG NODE}: whether NODE has an address of the prefix that SENDER has advertised, with that tag or {@code none}
 * </ul>
 */
final class Siege implements AutoCloseable {

    /** A host believes nothing new for a second after a true answer (net.ipv4.neigh.*.locktime). */
    private static final Duration PERSUASION = Duration.ofMillis(2500);

    /** So long a frame that must not arrive may take to do so. */
    private static final Duration SILENCE = Duration.ofMillis(1000);

    /** So long one that must may take. */
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private static final Duration INTERVAL = Duration.ofMillis(100);

    private record Host(NetnsRef netns, InterfaceName device, MacAddress mac, Inet4Address ipv4, Inet6Address ipv6) {

        InetAddress address(boolean over6) {
            return over6 ? ipv6 : ipv4;
        }
    }

    private record Sent(Mark mark, InetAddress source) {}

    private final Links links;
    private final Map<String, Host> hosts = new TreeMap<>();
    private final Map<String, Intruder> intruders = new TreeMap<>();
    private int prefixes;

    /** At a lab that is up: its members' addresses are 192.168.5.N and fd05::N. */
    Siege(Namespaces namespaces, Links links, String lab) {
        this.links = links;
        for (int n : new int[] {1, 2, 4, 5, 6, 7, 9}) {
            NetnsRef netns = namespaces.resolve(lab + "/netns" + n).ref();
            InterfaceName device = new InterfaceName("veth" + n + n);
            hosts.put(
                    "netns" + n,
                    new Host(
                            netns,
                            device,
                            Victim.mac(netns, device),
                            (Inet4Address) IpPrefix.parseAddress("192.168.5." + n),
                            (Inet6Address) IpPrefix.parseAddress("fd05::" + n)));
        }
        for (String bad : List.of("netns1", "netns6", "netns9")) {
            intruders.put(
                    bad, new Intruder(hosts.get(bad).netns(), hosts.get(bad).device()));
        }
    }

    /**
     * Attacks, and tells how it went.
     *
     * @param expected lines; what is to happen is waited for, what is not gets time to
     * @return the same lines with the outcomes that were seen
     */
    List<String> outcomes(List<String> expected) throws Exception {
        hosts.values().forEach(host -> Victim.forget(host.netns()));
        Map<String, String> seen = new LinkedHashMap<>();
        try (Lookout lookout = new Lookout()) {
            hosts.forEach((name, host) -> lookout.add(name + ":" + host.device(), host.netns(), host.device()));
            injections(expected, seen, lookout);
            liars(expected, seen, lookout);
        }
        return expected.stream()
                .map(line -> question(line) + " " + seen.get(question(line)))
                .toList();
    }

    /** A line without its outcome. */
    static String question(String line) {
        String[] words = line.split(" ");
        int length = words[0].equals("ra") ? 4 : 3;
        return String.join(" ", List.of(words).subList(0, length));
    }

    private static List<String> lines(List<String> expected, String kinds) {
        return expected.stream().filter(line -> line.matches(kinds + " .*")).toList();
    }

    private static String outcome(String line) {
        return line.substring(question(line).length() + 1);
    }

    /** Asks until all is as expected, but at least so long as what must not happen would take. */
    private static <T> T settled(Supplier<T> measured, T expected, Duration least) throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            T now = measured.get();
            long passed = System.nanoTime() - start;
            boolean asExpected = now.equals(expected) && passed >= least.toNanos();
            if (asExpected || passed > LIMIT.toNanos()) {
                return now;
            }
            Thread.sleep(20);
        }
    }

    private void injections(List<String> expected, Map<String, String> outcomes, Lookout lookout)
            throws InterruptedException {
        Map<String, Sent> sent = new LinkedHashMap<>();
        lines(expected, "inject")
                .forEach(line -> sent.computeIfAbsent(
                        line.split(" ")[1], label -> inject(label, hosts.get(line.split("[ :]")[2]))));
        Map<String, String> advertised = new LinkedHashMap<>();
        lines(expected, "ra")
                .forEach(line ->
                        advertised.computeIfAbsent(line.split(" ")[1] + " " + line.split(" ")[2], this::advertise));

        Map<Mark, List<Seen>> frames = new LinkedHashMap<>();
        Supplier<Map<String, String>> look = () -> {
            lookout.watch(sent.values().stream().map(Sent::mark).toList(), INTERVAL, any -> false)
                    .forEach((mark, more) -> frames.computeIfAbsent(mark, any -> new ArrayList<>())
                            .addAll(more));
            Map<String, String> now = new LinkedHashMap<>();
            for (String line : lines(expected, "inject")) {
                String place = line.split(" ")[2];
                now.put(question(line), passage(frames, sent.get(line.split(" ")[1]), place));
            }
            for (String line : lines(expected, "ra")) {
                String[] words = line.split(" ");
                now.put(question(line), hasAddress(words[3], advertised.get(words[1] + " " + words[2])));
            }
            return now;
        };
        Map<String, String> wanted = new LinkedHashMap<>();
        lines(expected, "(inject|ra)").forEach(line -> wanted.put(question(line), outcome(line)));
        boolean mayFail = wanted.values().stream().anyMatch("NO"::equals);
        outcomes.putAll(settled(look, wanted, mayFail ? SILENCE : Duration.ZERO));
    }

    private static String passage(Map<Mark, List<Seen>> frames, Sent sent, String place) {
        // The answer to a ping carries the mark as well.
        List<Seen> here = frames.getOrDefault(sent.mark(), List.of()).stream()
                .filter(seen -> seen.place().equals(place) && !seen.outgoing())
                .filter(seen -> seen.source().map(sent.source()::equals).orElse(true))
                .toList();
        return here.isEmpty() ? "NO" : "YES tag=%s n=%d".formatted(here.get(0).tagText(), here.size());
    }

    private String hasAddress(String node, String prefix) {
        Host host = hosts.get(node);
        return links.list(host.netns()).stream()
                        .filter(link -> link.name().equals(host.device()))
                        .flatMap(link -> link.addresses().stream())
                        .anyMatch(address -> IpPrefix.text(address.address()).startsWith(prefix))
                ? "YES"
                : "NO";
    }

    /** @param label what is forged, and by whom if not by netns9 */
    private Sent inject(String label, Host target) {
        Host shared = hosts.get("netns9");
        Host other = hosts.get("netns5");
        Intruder intruder = intruders.get("netns9");
        Mark mark = new Mark();
        Inet4Address source = other.ipv4();
        switch (label) {
            case "forged-src", "forged-src-far" ->
                intruder.echoRequest(List.of(), shared.mac(), source, target.mac(), target.ipv4(), mark);
            case "forged-src6" -> {
                intruder.echoRequest(List.of(), shared.mac(), other.ipv6(), target.mac(), target.ipv6(), mark);
                return new Sent(mark, other.ipv6());
            }
            case "forged-mac" -> {
                intruder.echoRequest(List.of(), other.mac(), shared.ipv4(), target.mac(), target.ipv4(), mark);
                return new Sent(mark, shared.ipv4());
            }
            case "forged-arp" -> intruder.arpRequest(List.of(), shared.mac(), source, target.ipv4(), mark);
            case "forged-src-tag20" ->
                intruder.echoRequest(List.of(20), shared.mac(), source, target.mac(), target.ipv4(), mark);
            // A tag of VLAN 0 is left over when the first one has been taken off, and says nothing to who receives it.
            case "forged-src-tag20.0" ->
                intruder.echoRequest(List.of(20, 0), shared.mac(), source, target.mac(), target.ipv4(), mark);
            case "netns1-tag30" -> own("netns1", List.of(30), target, mark);
            case "netns6-tag30" -> own("netns6", List.of(30), target, mark);
            case "netns1-tag10.30" -> own("netns1", List.of(10, 30), target, mark);
            case "netns1-servicetag30" -> {
                Host member = hosts.get("netns1");
                intruders
                        .get("netns1")
                        .sendWithServiceTag(ArpPacket.request(member.mac(), member.ipv4(), target.ipv4())
                                .frame(EthernetFrame.BROADCAST, List.of(30), mark.bytes()));
            }
            // As to a router: to netns9's hardware address, for somebody else.
            case "netns1-over-netns9" -> over("netns1", List.of(), "netns4", mark);
            case "netns1-over-netns9-tag10.0" -> over("netns1", List.of(10, 0), "netns4", mark);
            case "netns6-over-netns9" -> over("netns6", List.of(), "netns7", mark);
            default -> throw new IllegalArgumentException(label);
        }
        return new Sent(
                mark,
                label.contains("-over-netns9")
                        ? hosts.get(label.substring(0, label.indexOf('-'))).ipv4()
                        : source);
    }

    private void own(String sender, List<Integer> tags, Host target, Mark mark) {
        Host member = hosts.get(sender);
        intruders.get(sender).arpRequest(tags, member.mac(), member.ipv4(), target.ipv4(), mark);
    }

    private void over(String sender, List<Integer> tags, String target, Mark mark) {
        Host member = hosts.get(sender);
        intruders
                .get(sender)
                .echoRequest(
                        tags,
                        member.mac(),
                        member.ipv4(),
                        hosts.get("netns9").mac(),
                        hosts.get(target).ipv4(),
                        mark);
    }

    /** @return how the addresses begin that its hearers give themselves */
    private String advertise(String senderAndTag) {
        String[] words = senderAndTag.split(" ");
        prefixes++;
        String prefix = "fd00:bad:%x:".formatted(prefixes);
        Host sender = hosts.get(words[0]);
        byte[] octets = sender.mac().octets();
        Inet6Address linkLocal = (Inet6Address) IpPrefix.parseAddress("fe80::%x%02x:%02xff:fe%02x:%02x%02x"
                .formatted(
                        (octets[0] ^ 2) & 0xff,
                        octets[1] & 0xff,
                        octets[2] & 0xff,
                        octets[3] & 0xff,
                        octets[4] & 0xff,
                        octets[5] & 0xff));
        intruders
                .get(words[0])
                .routerAdvertisement(
                        words[1].equals("none") ? List.of() : List.of(Integer.valueOf(words[1])),
                        linkLocal,
                        (Inet6Address) IpPrefix.parseAddress(prefix + ":"));
        return prefix;
    }

    /**
     * Whoever is asked by neighbour discovery learns who asks: netns4 is asked by netns9 in the name of netns5, and netns5 by netns1 in a VLAN
     * in which netns1 has no business.
     */
    private void solicit() {
        Host shared = hosts.get("netns9");
        Host member = hosts.get("netns1");
        Host name = hosts.get("netns5");
        intruders
                .get("netns9")
                .neighbourSolicitation(
                        List.of(),
                        shared.mac(),
                        name.ipv6(),
                        hosts.get("netns4").ipv6());
        intruders.get("netns1").neighbourSolicitation(List.of(30), member.mac(), member.ipv6(), name.ipv6());
    }

    private void liars(List<String> expected, Map<String, String> outcomes, Lookout lookout) throws Exception {
        List<String> pings = lines(expected, "mitm6?");
        Map<String, String> believed = new LinkedHashMap<>();
        lines(expected, "neigh").forEach(line -> believed.put(question(line), outcome(line)));
        Map<String, String> wanted = new LinkedHashMap<>();
        pings.forEach(line -> wanted.put(question(line), outcome(line)));
        boolean allFall = believed.values().stream().allMatch(each -> !each.equals("NONE"))
                && pings.stream().allMatch(line -> line.contains("intercepted=YES"));
        try (AutoCloseable lies = Intruder.repeatedly(INTERVAL, () -> {
            pings.forEach(this::lie);
            solicit();
        })) {
            settled(
                    () -> {
                        pings.forEach(line -> ping(line, new Mark()));
                        return believed(believed.keySet());
                    },
                    believed,
                    allFall ? Duration.ZERO : PERSUASION);
            Map<Mark, List<Seen>> frames = new LinkedHashMap<>();
            Map<String, List<Mark>> sent = new LinkedHashMap<>();
            outcomes.putAll(settled(
                    () -> {
                        for (String line : pings) {
                            Mark mark = new Mark();
                            sent.computeIfAbsent(question(line), any -> new ArrayList<>())
                                    .add(mark);
                            ping(line, mark);
                        }
                        lookout.watch(
                                        sent.values().stream()
                                                .flatMap(List::stream)
                                                .toList(),
                                        INTERVAL,
                                        any -> false)
                                .forEach((mark, more) -> frames.computeIfAbsent(mark, any -> new ArrayList<>())
                                        .addAll(more));
                        Map<String, String> now = new LinkedHashMap<>();
                        sent.forEach((question, marks) -> now.put(question, way(question, marks, frames)));
                        return now;
                    },
                    wanted,
                    allFall ? Duration.ZERO : SILENCE));
            outcomes.putAll(believed(believed.keySet()));
        }
    }

    private Host first(String line) {
        return hosts.get(line.split(" ")[1]);
    }

    private Host second(String line) {
        return hosts.get(line.split(" ")[2]);
    }

    private void ping(String line, Mark mark) {
        Victim.ping(first(line).netns(), second(line).address(line.startsWith("mitm6")), mark);
    }

    private void lie(String line) {
        Host a = first(line);
        Host b = second(line);
        Intruder intruder = intruders.get("netns9");
        if (line.startsWith("mitm6")) {
            intruder.claim(b.ipv6(), a.mac(), a.ipv6());
            intruder.claim(a.ipv6(), b.mac(), b.ipv6());
        } else {
            intruder.claim(b.ipv4(), a.mac(), a.ipv4());
            intruder.claim(a.ipv4(), b.mac(), b.ipv4());
        }
    }

    private Map<String, String> believed(Iterable<String> questions) {
        Map<String, String> believed = new LinkedHashMap<>();
        for (String question : questions) {
            InetAddress address = IpPrefix.parseAddress(question.split(" ")[2]);
            MacAddress real = hosts.values().stream()
                    .filter(host -> host.ipv4().equals(address) || host.ipv6().equals(address))
                    .findFirst()
                    .orElseThrow()
                    .mac();
            believed.put(
                    question,
                    Victim.neighbour(first(question).netns(), address, real).name());
        }
        return believed;
    }

    /** Which way pings went: a frame whose target no bridge knows comes by elsewhere as well, but not to be taken in. */
    private String way(String question, List<Mark> marks, Map<Mark, List<Seen>> frames) {
        InetAddress source = first(question).address(question.startsWith("mitm6"));
        MacAddress target = second(question).mac();
        MacAddress between = hosts.get("netns9").mac();
        boolean intercepted = false;
        String delivered = "delivered=NO";
        String ttl = "";
        for (Mark mark : marks) {
            for (Seen seen : frames.getOrDefault(mark, List.of())) {
                boolean takenIn = !seen.outgoing()
                        && seen.source().filter(source::equals).isPresent()
                        && place(seen.to()).filter(seen.place()::equals).isPresent();
                intercepted |= takenIn && seen.to().equals(between);
                if (takenIn && seen.to().equals(target)) {
                    delivered = "delivered=YES";
                    ttl = " ttl=" + seen.ttl().orElseThrow();
                }
            }
        }
        return "%s intercepted=%s%s".formatted(delivered, intercepted ? "YES" : "NO", ttl);
    }

    /** Where a hardware address is at home. */
    private Optional<String> place(MacAddress mac) {
        return hosts.entrySet().stream()
                .filter(host -> host.getValue().mac().equals(mac))
                .map(host -> host.getKey() + ":" + host.getValue().device())
                .findFirst();
    }

    @Override
    public void close() {
        intruders.values().forEach(Intruder::close);
    }
}
