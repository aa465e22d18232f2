package io.netyard.shell.lab;

import io.netyard.api.RequestException;
import io.netyard.api.Text;
import io.netyard.api.lab.LabTransfer.Written;
import io.netyard.shell.console.ConsoleCommand;
import io.netyard.shell.console.Json;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.karaf.shell.api.action.Option;

/** A command whose result is a text: on its output, or in a file. */
abstract class TransferCommand extends ConsoleCommand {

    @Option(
            name = "--output",
            valueToShowInHelp = "FILE",
            description = "Write it to a file that is not there yet, instead of printing it")
    String output;

    @Option(name = "--force", description = "Also over a file that is there")
    boolean force;

    @Option(name = "--json", description = "Print JSON: the text, and what it does not carry")
    boolean json;

    /** What is not carried is for people too, who may not look into the text. */
    protected final int deliver(Written written) throws IOException {
        if (force && output == null) {
            throw new IllegalArgumentException("--force is about the file of --output");
        }
        if (json && output != null) {
            throw new IllegalArgumentException("--json prints, and --output writes a file: give one of them");
        }
        if (json) {
            print(Json.text(Json.object("text", written.text(), "remarks", written.remarks())));
            return DONE;
        }
        written.remarks().forEach(remark -> complain(Text.printable("note: " + remark)));
        if (output == null) {
            console().out().print(written.text());
            console().out().flush();
        } else {
            write(LabFolders.of(console()).working().resolve(output).normalize(), written.text());
        }
        return DONE;
    }

    private void write(Path file, String text) throws IOException {
        OpenOption[] options = force
                ? new OpenOption[] {
                    StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE
                }
                : new OpenOption[] {StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE};
        String name = Text.printable(file.toString());
        try {
            Files.writeString(file, text, options);
        } catch (FileAlreadyExistsException e) {
            throw new RequestException("%s is there already: choose another name, or --force".formatted(name), e);
        } catch (NoSuchFileException e) {
            throw new RequestException("%s: there is no such directory".formatted(name), e);
        } catch (AccessDeniedException e) {
            throw new RequestException("%s: permission denied".formatted(name), e);
        }
        print("wrote " + name);
    }
}
