package io.netyard.shell.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.util.concurrent.Callable;
import org.apache.karaf.shell.api.console.Session;
import org.junit.jupiter.api.Test;

class RemoteRunTest {

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void theStatusOfTheCommandIsPassedOn() throws Exception {
        assertThat(run("netns:exec a false", () -> 7)).isEqualTo(7);
        assertThat(run("lab:list", () -> null)).isZero();
        assertThat(run("echo x", () -> "x")).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void whatIsWrongWithTheCommandIsOneLineOnStandardError() throws Exception {
        assertThat(run("no:such", () -> {
                    throw new IllegalArgumentException("Command not found: no:such\n at\u001b[1m there");
                }))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualTo("Command not found: no:such" + System.lineSeparator());
    }

    @Test
    void nothingToRunIsAnError() throws Exception {
        assertThat(run(null, () -> 0)).isEqualTo(1);
        assertThat(err.toString()).contains("NETYARD_COMMAND").hasLineCount(1);
    }

    private int run(String command, Callable<Object> result) throws InterruptedException {
        Session session = (Session) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Session.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "get" -> RemoteRun.COMMAND.equals(arguments[0]) ? command : null;
                    case "execute" -> {
                        assertThat(arguments[0]).isEqualTo(command);
                        yield result.call();
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        return RemoteRun.execute(session, new PrintStream(err, true));
    }
}
