package io.netyard.lab.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is edited, and that nothing else is. */
class YamlEditorTest {

    private static final String BLOCKS =
            """
            # A lab.
            nodes:
              a:   # the first
                interfaces:
                  eth0:
                    addresses:   # where it is
                      - 10.0.0.1/24   # old
                      - 10.0.0.2/24
                    mtu: 1500     # as usual
                # about routes
                routes: [default via 10.0.0.254]
              b: {}
              c:
            # the end
            """;

    private static String edited(String text, Consumer<YamlEditor> edit) {
        YamlEditor editor = new YamlEditor(text);
        edit.accept(editor);
        return editor.text();
    }

    private static List<String> path(String slashes) {
        return List.of(slashes.split("/"));
    }

    @Test
    void aScalarIsReplacedWhereItStands() {
        assertThat(edited(BLOCKS, yaml -> yaml.set(path("nodes/a/interfaces/eth0/mtu"), "1400")))
                .isEqualTo(BLOCKS.replace("mtu: 1500 ", "mtu: 1400 "));
    }

    @Test
    void anItemOfABlockGoesWithItsLine() {
        assertThat(edited(BLOCKS, yaml -> yaml.drop(path("nodes/a/interfaces/eth0/addresses"), "10.0.0.1/24"::equals)))
                .isEqualTo(BLOCKS.replace("          - 10.0.0.1/24   # old\n", ""));
    }

    @Test
    void theLastItemLeavesAnEmptyList() {
        assertThat(edited(BLOCKS, yaml -> {
                    yaml.drop(path("nodes/a/interfaces/eth0/addresses"), "10.0.0.1/24"::equals);
                    yaml.drop(path("nodes/a/interfaces/eth0/addresses"), "10.0.0.2/24"::equals);
                }))
                .isEqualTo(BLOCKS.replace("          - 10.0.0.1/24   # old\n          - 10.0.0.2/24\n", "")
                        .replace("addresses:   # where it is", "addresses: []   # where it is"));
    }

    @Test
    void anItemIsAddedBehindTheLast() {
        assertThat(edited(BLOCKS, yaml -> yaml.add(path("nodes/a/interfaces/eth0/addresses"), "fd00::1/64")))
                .isEqualTo(BLOCKS.replace("- 10.0.0.2/24\n", "- 10.0.0.2/24\n          - \"fd00::1/64\"\n"));
    }

    @Test
    void aListInBracketsStaysInBrackets() {
        String added = edited(BLOCKS, yaml -> yaml.add(path("nodes/a/routes"), "10.1.0.0/16 via 10.0.0.3 dev eth0"));
        assertThat(added)
                .isEqualTo(BLOCKS.replace(
                        "[default via 10.0.0.254]", "[default via 10.0.0.254, 10.1.0.0/16 via 10.0.0.3 dev eth0]"));
        assertThat(edited(added, yaml -> yaml.drop(path("nodes/a/routes"), "default via 10.0.0.254"::equals)))
                .isEqualTo(BLOCKS.replace("default via 10.0.0.254", "10.1.0.0/16 via 10.0.0.3 dev eth0"));
        assertThat(edited(BLOCKS, yaml -> yaml.drop(path("nodes/a/routes"), item -> true)))
                .isEqualTo(BLOCKS.replace("[default via 10.0.0.254]", "[]"));
    }

    @Test
    void whatIsMissingIsMadeInTheStyleOfItsPlace() {
        assertThat(edited(BLOCKS, yaml -> yaml.set(path("nodes/a/interfaces/eth0/up"), "false")))
                .isEqualTo(
                        BLOCKS.replace("mtu: 1500     # as usual\n", "mtu: 1500     # as usual\n        up: false\n"));
        assertThat(edited(BLOCKS, yaml -> yaml.add(path("nodes/b/interfaces/eth0/addresses"), "10.0.0.5/24")))
                .isEqualTo(BLOCKS.replace("b: {}", "b: {interfaces: {eth0: {addresses: [10.0.0.5/24]}}}"));
        assertThat(edited(BLOCKS, yaml -> yaml.set(path("nodes/c/interfaces/eth0/mtu"), "1400")))
                .isEqualTo(BLOCKS.replace("  c:\n", "  c: {interfaces: {eth0: {mtu: 1400}}}\n"));
        assertThat(edited("lab: x\nnodes: {a: null, b: {w: 1}}", yaml -> {
                    yaml.set(path("nodes/a/v"), "2");
                    yaml.set(path("nodes/b/z"), "3");
                    yaml.set(path("links/l"), "null");
                }))
                .isEqualTo("lab: x\nnodes: {a: {v: 2}, b: {w: 1, z: 3}}\nlinks: {l: null}");
    }

    @Test
    void aKeyGoesWithItsLines() {
        assertThat(edited(BLOCKS, yaml -> yaml.remove(path("nodes/a"))))
                .isEqualTo("# A lab.\nnodes:\n  b: {}\n  c:\n# the end\n");
        assertThat(edited(BLOCKS, yaml -> yaml.remove(path("nodes/a/interfaces/eth0"))))
                .isEqualTo(BLOCKS.substring(0, BLOCKS.indexOf("interfaces:"))
                        + "interfaces: {}\n"
                        + BLOCKS.substring(BLOCKS.indexOf("    # about routes")));
        assertThat(edited("a: {b: 1, c: 2}\n", yaml -> yaml.remove(path("a/b"))))
                .isEqualTo("a: {c: 2}\n");
        assertThat(edited("a: {b: 1, c: 2}\n", yaml -> yaml.remove(path("a/c"))))
                .isEqualTo("a: {b: 1}\n");
        assertThat(edited("a: {b: 1}\n", yaml -> yaml.remove(path("a/b")))).isEqualTo("a: {}\n");
    }

    @Test
    void linesEndAsTheyDo() {
        String text = BLOCKS.replace("\n", "\r\n");
        Consumer<YamlEditor> edit = yaml -> {
            yaml.add(path("nodes/a/interfaces/eth0/addresses"), "10.0.0.3/24");
            yaml.drop(path("nodes/a/interfaces/eth0/addresses"), "10.0.0.1/24"::equals);
            yaml.set(path("nodes/a/interfaces/eth0/up"), "false");
        };
        assertThat(edited(text, edit)).isEqualTo(edited(BLOCKS, edit).replace("\n", "\r\n"));
    }

    @Test
    void aFileMayEndWithoutLineEndAndBeginWithAByteOrderMark() {
        assertThat(edited("\uFEFFa:\n  - x1", yaml -> yaml.add(path("a"), "x2")))
                .isEqualTo("\uFEFFa:\n  - x1\n  - x2");
    }

    @Test
    void charactersOutsideTheBasicPlaneMoveNothing() {
        String text = "# \uD83D\uDC1F\na: {b: 1}  # \uD83D\uDC1F\nc:\n- \"\uD83D\uDC1F\"\n- x1\n";
        assertThat(edited(text, yaml -> {
                    yaml.set(path("a/b"), "2");
                    yaml.drop(path("c"), "x1"::equals);
                }))
                .isEqualTo(text.replace("b: 1", "b: 2").replace("- x1\n", ""));
    }

    @Test
    void listsWithoutIndentationAndOverSeveralLinesInBrackets() {
        String text = "a:\n- x1\n- x2\nb: [\n  y1,\n  y2\n  ]\n";
        assertThat(edited(text, yaml -> yaml.add(path("a"), "x3"))).isEqualTo(text.replace("- x2\n", "- x2\n- x3\n"));
        assertThat(edited(text, yaml -> yaml.add(path("b"), "y3"))).isEqualTo(text.replace("y2\n", "y2, y3\n"));
        assertThat(edited(text, yaml -> yaml.drop(path("b"), "y1"::equals))).isEqualTo(text.replace("y1,\n  ", ""));
    }

    @Test
    void stagesAreReachedByTheirIndex() {
        String text = "stages:\n  - name: one\n    nodes: {a: {x: 1}}\n  - name: two\n";
        assertThat(edited(text, yaml -> yaml.set(path("stages/0/nodes/a/x"), "2")))
                .isEqualTo(text.replace("x: 1", "x: 2"));
        assertThat(edited(text, yaml -> yaml.set(path("stages/1/links/l"), "null")))
                .isEqualTo(text + "    links: {l: null}\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: &x {b: [c1]}\nd: *x\n",
                "x: &x [c1]\na:\n  b: *x\n",
                "a: &x\n  b: [c1]\nd: {e: *x}\n",
                "a: {b: [c1,   # a comment\n  c2]}\n"
            })
    void whatOthersMeanTooAndWhatWouldTakeACommentAlongIsLeft(String text) {
        YamlEditor editor = new YamlEditor(text);
        assertThatThrownBy(() -> editor.drop(path("a/b"), "c1"::equals))
                .isInstanceOf(UneditableException.class)
                .hasMessageContaining("line ");
        assertThat(editor.text()).isEqualTo(text);
    }

    @Test
    void whatIsNotThereCannotBeTakenOut() {
        YamlEditor editor = new YamlEditor(BLOCKS);
        assertThatThrownBy(() -> editor.drop(path("nodes/a/routes"), "x"::equals))
                .isInstanceOf(UneditableException.class);
        assertThatThrownBy(() -> editor.remove(path("nodes/d"))).isInstanceOf(UneditableException.class);
        assertThatThrownBy(() -> editor.add(path("nodes/b"), "x")).isInstanceOf(UneditableException.class);
        assertThat(editor.text()).isEqualTo(BLOCKS);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1/24, 10.0.0.1/24",
        "default via 10.0.0.1 dev eth0, default via 10.0.0.1 dev eth0",
        "10, '\"10\"'",
        "10 pvid untagged, '\"10 pvid untagged\"'",
        "1.5, '\"1.5\"'",
        "fd00::1/64, '\"fd00::1/64\"'",
        "02:00:00:00:00:01, '\"02:00:00:00:00:01\"'",
        "on, '\"on\"'",
        "eth0, eth0",
        "a#b, '\"a#b\"'",
        "net.ipv4.ip_forward, net.ipv4.ip_forward"
    })
    void whatCouldBeReadAsSomethingElseIsQuoted(String value, String written) {
        assertThat(YamlEditor.quoted(value)).isEqualTo(written);
    }
}
