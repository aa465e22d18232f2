package io.netyard.shell.firewall;

import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.firewall.Layer;
import io.netyard.shell.console.ChangeCommand;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;

@Command(
        scope = "fw",
        name = "use",
        description = "Pin a backend, and hand policies over to it while packets flow; none takes the pin away",
        detailedDescription =
                "Writes etc/io.netyard.firewall.cfg. A pin is meant: policies that the backend cannot express are refused from then on.\n"
                        + "iptables means whichever of iptables-nft and iptables-legacy works.")
final class FwUse extends ChangeCommand {

    @Argument(name = "BACKEND", required = true, description = "A backend, or none")
    @Completion(BackendNames.class)
    String backend;

    @Option(name = "--layer", valueToShowInHelp = "LAYER", description = "For link, network or nat only")
    @Completion(
            value = LayerNames.class,
            values = {"link", "network", "nat"})
    String layer;

    @Override
    protected int run() {
        Optional<Layer> only = Optional.ofNullable(layer).map(LayerName::parse);
        Optional<String> pinned = backend.equals("none") ? Optional.empty() : Optional.of(backend);
        String where = only.map(one -> "layer " + one).orElse("all layers");
        if (pinned.isPresent()
                && firewall().backends().stream()
                        .noneMatch(each ->
                                each.name().equals(backend) || each.name().startsWith(backend + "-"))) {
            throw new RequestException("there is no backend '%s': see fw:backends".formatted(Text.printable(backend)));
        }
        change(
                pinned.map(name -> "pin %s for %s".formatted(name, where))
                        .orElse("take the pin for %s away".formatted(where)),
                () -> firewall().pin(only, pinned));
        return DONE;
    }
}
