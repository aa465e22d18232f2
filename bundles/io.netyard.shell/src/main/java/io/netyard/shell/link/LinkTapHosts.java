package io.netyard.shell.link;

import static java.util.stream.Collectors.joining;

import io.netyard.api.IpPrefix;
import io.netyard.api.link.TapHost;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Table;
import java.net.InetAddress;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "link",
        name = "tap-hosts",
        description = "List the simulated hosts behind tap interfaces, with who has sent packets to them")
final class LinkTapHosts extends ConsoleCommand {

    @Option(name = "--json", description = "Print JSON")
    boolean json;

    @Override
    protected int run() {
        List<TapHost> hosts = tapHosts().list();
        if (json) {
            print(Json.text(hosts.stream()
                    .map(host -> Json.object(
                            "node", namespaces().label(host.netns()),
                            "tap", host.tap(),
                            "addresses", texts(host.addresses()),
                            "mac", host.mac(),
                            "frames", host.frames(),
                            "echoRequests", host.echoRequests(),
                            "connections", host.connections(),
                            "sources", texts(host.sources())))
                    .toList()));
            return DONE;
        }
        Table table = new Table("NODE", "TAP", "ADDRESSES", "MAC", "FRAMES", "ECHO-REQUESTS", "CONNECTIONS", "SOURCES");
        hosts.forEach(host -> table.row(
                namespaces().label(host.netns()),
                host.tap(),
                texts(host.addresses()).stream().collect(joining(" ")),
                host.mac(),
                host.frames(),
                host.echoRequests(),
                host.connections(),
                texts(host.sources()).stream().collect(joining(" "))));
        table.print(console());
        return DONE;
    }

    private static List<String> texts(List<InetAddress> addresses) {
        return addresses.stream().map(IpPrefix::text).toList();
    }
}
