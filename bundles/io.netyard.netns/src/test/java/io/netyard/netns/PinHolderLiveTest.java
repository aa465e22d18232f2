package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.netns.NamespaceHolder;
import io.netyard.api.netns.NamespaceHolder.Held;
import io.netyard.api.netns.NetnsSpec;
import io.netyard.kernel.Mounts;
import io.netyard.kernel.NamespaceThread;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PinHolderLiveTest extends NamespaceHolderContract {

    @Override
    NamespaceHolder holder() {
        return new PinHolder(state());
    }

    @Test
    void usersFindItUnderTheStateDirectory() throws Exception {
        NetnsRef ref = hold(holder(), spec("web"));

        assertThat(ref.net())
                .isEqualTo(state().root().resolve("ns").resolve(LAB).resolve("web/net"));
        assertThat(Foreign.run(
                        "nsenter", "--net=" + ref.net(), "--uts=" + ref.uts().orElseThrow(), "hostname"))
                .isEqualTo("web\n");
        assertThat(only(held()).pid()).isZero();
    }

    @Test
    void aFailureLeavesNothing() throws Exception {
        Path inTheWay = state().make(state().root().resolve("ns")).resolve(LAB);
        Files.writeString(inTheWay, "mine");

        assertThatThrownBy(() -> hold(holder(), spec("web")))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining(inTheWay.toString());

        assertThat(held()).isEmpty();
        assertThat(inTheWay).hasContent("mine");
        assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(temporary.toString());
        Files.delete(inTheWay);
        state().clean(inTheWay.getParent());
    }

    @Test
    void theSameNameTwiceIsRefusedAndTheFirstStays() {
        NetnsRef first = hold(holder(), spec("web"));

        assertThatThrownBy(() -> hold(holder(), spec("web"))).isInstanceOf(RequestException.class);

        assertThat(only(held()).ref()).isEqualTo(first);
    }

    @Test
    void whatAJvmLeftThatWasKilledInTheMiddleIsNotInTheWay() throws Exception {
        leaveHalfMade(spec("web"));
        assertThat(held()).isEmpty();

        NetnsRef ref = hold(holder(), spec("web"));

        assertThat(only(held()).ref()).isEqualTo(ref);
    }

    @Test
    void whatAJvmLeftThatWasKilledInTheMiddleGoesWithTheNextChange() throws Exception {
        Path abandoned = leaveHalfMade(spec("abandoned"));
        Path beingMade = leaveHalfMade(spec("being-made"));
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minusSeconds(3600)));

        hold(holder(), spec("web"));

        assertThat(abandoned).doesNotExist();
        assertThat(beingMade.resolve("uts")).exists();
        Files.setLastModifiedTime(beingMade, FileTime.from(Instant.now().minusSeconds(3600)));
        Held held = only(held());
        holder().release(held);
        assertNoTrace(held);
    }

    /** Who has the turn to change a lab knows that nobody is making any for it. */
    @Test
    void aSweepOfALabTakesWhatIsHalfMadeOfItHoweverYoung() throws Exception {
        Path half = leaveHalfMade(spec("half"));
        Path othersHalf = leaveHalfMade(new NetnsSpec("half", Optional.of("another-lab"), "pin"));
        NetnsRef whole = hold(holder(), spec("web"));

        holder().sweep(LAB);

        assertThat(half).doesNotExist();
        assertThat(othersHalf.resolve("uts")).exists();
        Held held = only(held());
        assertThat(held.ref()).isEqualTo(whole);
        holder().sweep("another-lab");
        holder().release(held);
        assertNoTrace(held);
    }

    @Test
    void whatOthersHaveUnmountedIsNotListedAndItsRestCanBeReleased() throws Exception {
        NetnsRef ref = hold(holder(), spec("web"));
        Held held = only(held());

        Mounts.unmount(ref.net());

        assertThat(held()).isEmpty();
        holder().release(held);
        assertNoTrace(held);
    }

    /** The UTS namespace is mounted, the network namespace not yet. */
    private Path leaveHalfMade(NetnsSpec spec) {
        Path directory = state().make(state().of("ns", spec));
        NamespaceThread.callInNew("half", () -> {
            Pin.make(NamespaceThread.current().uts().orElseThrow(), directory.resolve("uts"));
            return null;
        });
        return directory;
    }
}
