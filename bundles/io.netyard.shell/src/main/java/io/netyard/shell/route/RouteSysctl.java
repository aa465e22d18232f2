package io.netyard.shell.route;

import io.netyard.api.RequestException;
import io.netyard.api.netns.Netns;
import io.netyard.api.routing.SysctlName;
import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.FoundNode;
import io.netyard.shell.console.Json;
import io.netyard.shell.console.Nodes;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "route",
        name = "sysctl",
        description = "Show a network sysctl of a namespace, and what it is in a new one; or set it",
        detailedDescription =
                "NAME is spelt as in sysctl(8): net.ipv4.ip_forward, or with slashes where an interface's name has a dot:"
                        + " net/ipv4/conf/veth99.10/arp_ignore")
final class RouteSysctl extends ChangeCommand {

    @Argument(name = "NODE", required = true, description = "A node, LAB/NODE, host, a pid, net:[INODE] or a path")
    @Completion(Nodes.class)
    String node;

    @Argument(index = 1, name = "NAME", required = true, description = "Its name, below net.")
    @Completion(SysctlNames.class)
    String name;

    @Argument(index = 2, name = "VALUE", description = "What to set it to; shows it if left out")
    String value;

    @Option(name = "--force", description = "Also set in a namespace that Netyard did not make")
    boolean force;

    @Option(name = "--json", description = "Print JSON (when showing)")
    boolean json;

    @Override
    protected int run() {
        SysctlName sysctl = SysctlName.parse(name);
        if (value == null) {
            if (isDryRun() || force) {
                throw new IllegalArgumentException("--dry-run and --force are for setting a VALUE");
            }
            return show(sysctl);
        }
        if (json) {
            throw new IllegalArgumentException("--json is for showing, not for setting a VALUE");
        }
        Netns netns = FoundNode.own(services(), node, force);
        change("set sysctl %s of %s to %s".formatted(sysctl, netns.label(), value), () -> routing()
                .setSysctl(netns.ref(), sysctl, value));
        return DONE;
    }

    private int show(SysctlName sysctl) {
        Netns netns = namespaces().resolve(node);
        String found = routing()
                .sysctl(netns.ref(), sysctl)
                .orElseThrow(() -> new RequestException("%s has no sysctl %s".formatted(netns.label(), sysctl)));
        Optional<String> preset = routing().defaultSysctl(sysctl);
        if (json) {
            print(Json.text(Json.object("name", sysctl.toString(), "value", found, "default", preset)));
        } else {
            print("%s = %s%s"
                    .formatted(
                            sysctl,
                            found,
                            preset.filter(text -> !text.equals(found))
                                    .map(text -> " (%s in a new namespace)".formatted(text))
                                    .orElse("")));
        }
        return DONE;
    }
}
