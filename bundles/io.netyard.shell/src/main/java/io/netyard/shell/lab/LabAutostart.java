package io.netyard.shell.lab;

import io.netyard.shell.console.ChangeCommand;
import io.netyard.shell.console.OnOff;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;

@Command(
        scope = "lab",
        name = "autostart",
        description = "Say whether a lab is brought back by itself after a restart of the machine",
        detailedDescription =
                """
                Holds until it is changed again, or until a file is applied that has autostart with another value.""")
final class LabAutostart extends ChangeCommand {

    @Argument(name = "LAB", required = true, description = "Name of a lab, see lab:list")
    @Completion(RunningLabs.class)
    String lab;

    @Argument(index = 1, name = "on|off", required = true, description = "Switch it")
    @Completion(
            value = OnOff.class,
            values = {"on", "off"})
    String onOff;

    @Override
    protected int run() {
        boolean on = OnOff.parse(onOff);
        change("turn autostart of %s %s".formatted(lab, OnOff.text(on)), () -> labs().setAutostart(lab, on));
        return DONE;
    }
}
