package io.netyard.shell.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;
import org.apache.karaf.shell.api.console.Session;
import org.junit.jupiter.api.Test;

class RemoteCommandTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theStatusOfTheCommandIsPassedOn() {
        assertThat(run("netns:exec a false", () -> 7)).isEqualTo(7);
        assertThat(run("lab:list", () -> null)).isZero();
        assertThat(run("echo x", () -> "x")).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void whatIsWrongWithTheLineIsOneLineOnStandardError() {
        assertThat(run("no:such", () -> {
                    throw new IllegalArgumentException("Command not found: no:such\n at there");
                }))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualTo("Command not found: no:such" + System.lineSeparator());
    }

    private int run(String line, Callable<Object> result) {
        Session session = (Session) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("execute");
                    assertThat(arguments[0]).isEqualTo(line);
                    return result.call();
                });
        return RemoteCommand.execute(session, line, new PrintStream(err, true));
    }
}
