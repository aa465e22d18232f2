package io.netyard.shell.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.netns.Namespaces.TerminalSize;
import io.netyard.shell.console.Caller;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallsTest {

    private final List<Integer> heard = new ArrayList<>();
    private final Caller caller = new Caller(new Caller.Listener() {
        @Override
        public void signal(int number) {
            heard.add(number);
        }

        @Override
        public void resize(TerminalSize size) {
            throw new AssertionError();
        }
    });
    private final Calls calls = new Calls();

    @Test
    void aSignalReachesTheCallOfThatName() {
        calls.begin("admin", "12-3-4", caller);

        assertThat(calls.signal("admin", "netyard-signal 12-3-4 INT")).isTrue();
        assertThat(calls.signal("admin", "netyard-signal 12-3-4 TERM")).isTrue();
        assertThat(heard).containsExactly(2, 15);
    }

    @Test
    void nobodyElsesCallIsReached() {
        calls.begin("admin", "12-3-4", caller);

        assertThat(calls.signal("viewer", "netyard-signal 12-3-4 INT")).isFalse();
        assertThat(calls.signal("admin", "netyard-signal 99 INT")).isFalse();
        assertThat(heard).isEmpty();
    }

    @Test
    void onlySignalsThatACallerMaySend() {
        calls.begin("admin", "12-3-4", caller);

        assertThat(calls.signal("admin", "netyard-signal 12-3-4 KILL")).isFalse();
        assertThat(calls.signal("admin", "netyard-signal 12-3-4 9")).isFalse();
        assertThat(heard).isEmpty();
    }

    @Test
    void aCallThatHasEndedIsNotReached() {
        calls.begin("admin", "12-3-4", caller);
        calls.end("admin", "12-3-4");

        assertThat(calls.signal("admin", "netyard-signal 12-3-4 INT")).isFalse();
    }

    @Test
    void whatLooksLikeACommandIsOne() {
        assertThat(Calls.isSignal("netyard-signal 12-3-4 INT")).isTrue();
        assertThat(Calls.isSignal("netns:list")).isFalse();
        assertThat(Calls.isSignal("netyard-signal 12-3-4 INT; netns:list")).isFalse();
    }
}
