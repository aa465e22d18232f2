package io.netyard.netns;

import io.netyard.api.netns.Namespaces.TerminalSize;
import io.netyard.api.netns.NetnsProcess;
import io.netyard.kernel.SpawnedProcess;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.OptionalInt;

/** A program that was started in a namespace, as the API shows it. */
record ProgramInside(SpawnedProcess process) implements NetnsProcess {

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public OutputStream input() {
        return process.input();
    }

    @Override
    public InputStream output() {
        return process.output();
    }

    @Override
    public InputStream error() {
        return process.error();
    }

    @Override
    public OptionalInt waitFor(Duration limit) throws InterruptedException {
        return process.waitFor(limit);
    }

    @Override
    public void signal(int number) {
        process.signal(number);
    }

    @Override
    public void resize(TerminalSize size) {
        process.resize(size.columns(), size.rows());
    }

    @Override
    public void close() {
        process.close();
    }
}
