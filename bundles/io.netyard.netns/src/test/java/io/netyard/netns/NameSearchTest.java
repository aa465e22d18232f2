package io.netyard.netns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.netns.Netns;
import io.netyard.api.netns.Netns.Origin;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameSearchTest {

    private final Netns alone = netns("blue", null, 1);
    private final Netns web = netns("web", "demo", 2);
    private final Netns webToo = netns("web", "other", 3);
    private final Netns unique = netns("db", "demo", 4);
    private final List<Netns> known = List.of(alone, web, webToo, unique);

    @Test
    void aNodeByItsNameOrWithItsLab() {
        assertThat(NameSearch.find("blue", known)).isSameAs(alone);
        assertThat(NameSearch.find("db", known)).isSameAs(unique);
        assertThat(NameSearch.find("demo/web", known)).isSameAs(web);
        assertThat(NameSearch.find("other/web", known)).isSameAs(webToo);
    }

    @Test
    void aNameInTwoLabsIsAmbiguous() {
        assertThatThrownBy(() -> NameSearch.find("web", known))
                .isInstanceOf(RequestException.class)
                .hasMessage("'web' is ambiguous: it may be demo/web or other/web");
    }

    /** Made by hand: its name is its whole label, and no other way is left to say which one is meant. */
    @Test
    void aNodeWithoutLabIsMeantRatherThanOneInALab() {
        Netns byHand = netns("web", null, 5);

        assertThat(NameSearch.find("web", List.of(web, webToo, byHand))).isSameAs(byHand);
    }

    /** Somebody else's process may carry the same marker: then only the inodes tell them apart. */
    @Test
    void equalLabelsAreToldApartByTheirInodes() {
        assertThatThrownBy(() -> NameSearch.find("blue", List.of(alone, netns("blue", null, 9))))
                .hasMessage("'blue' is ambiguous: it may be blue net:[1] or blue net:[9]");
    }

    @Test
    void aSlipOfTheFingerGetsAHint() {
        assertThatThrownBy(() -> NameSearch.find("bleu", known))
                .isInstanceOf(RequestException.class)
                .hasMessage("no namespace 'bleu' (there is host, blue, demo/web, other/web, demo/db)");
        assertThatThrownBy(() -> NameSearch.find("blu", known))
                .hasMessageStartingWith("no namespace 'blu', did you mean 'blue'?");
        assertThatThrownBy(() -> NameSearch.find("demo/wbe1", known)).hasMessageContaining("did you mean 'demo/web'?");
    }

    @Test
    void withoutAnyNamespaceTheOtherWaysAreNamed() {
        assertThatThrownBy(() -> NameSearch.find("x", List.of()))
                .hasMessage(
                        "no namespace 'x': there is only 'host'; foreign ones are named by a pid, net:[INODE] or a path");
    }

    @Test
    void aLongListIsCutShort() {
        List<Netns> many =
                IntStream.range(0, 40).mapToObj(i -> netns("n" + i, "lab", i)).toList();

        assertThatThrownBy(() -> NameSearch.find("something-else", many)).hasMessageEndingWith("lab/n11, 28 more)");
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() {
        assertThatThrownBy(() -> NameSearch.find("\u001b[2J", known)).hasMessageNotContaining("\u001b");
    }

    @ParameterizedTest
    @CsvSource({"'', '', 0", "'', abc, 3", "abc, '', 3", "abc, abc, 0", "abc, ABC, 0", "kitten, sitting, 3"})
    void distance(String one, String other, int expected) {
        assertThat(NameSearch.distance(one, other)).isEqualTo(expected);
    }

    private static Netns netns(String name, String lab, long inode) {
        return new Netns(
                new NetnsRef(inode, Path.of("/proc/1/ns/net"), Optional.empty()),
                Origin.OWN,
                Optional.of(name),
                Optional.ofNullable(lab),
                Optional.of("process"),
                OptionalLong.empty(),
                0,
                name,
                "");
    }
}
