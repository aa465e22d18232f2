package io.netyard.shell.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class WiringDotTest {

    private static final Path DOT = Path.of("/usr/bin/dot");

    private final String drawing = WiringDot.draw(Maps.SMALL, Maps.SMALL.cables());

    @Test
    void aClusterForEachNamespaceAndALineForEachCable() {
        assertThat(drawing)
                .contains("subgraph cluster_1 {", "subgraph cluster_2 {", "subgraph cluster_3 {")
                .contains("label=\"lxc:web1\";")
                .contains("n1_7 -- n2_2 [label=\"10 pvid,untagged; 20 tagged\"];")
                .contains("n3_5 -- n2_2 [label=\"vlan 10\"];")
                .contains("n3_6 -- n3_5 [label=\"macvlan bridge\"];")
                .contains("n1_7 -- n1_4 [style=dashed];")
                .contains("n1_9 -- far_n1_9 [label=\"\"];")
                .contains("label=\"unknown namespace, nsid 6 of host\";");
    }

    @Test
    void foreignTextEndsNoLabel() {
        assertThat(drawing).contains("n1_9 [label=\"odd\\\"\\\\#9\"];");
    }

    @Test
    void whatIsConnectedToNothingIsLeftOut() {
        assertThat(drawing).doesNotContain("lo#1");
    }

    @Test
    void theGrammarIsThatOfGraphviz() throws IOException, InterruptedException {
        new Parser(drawing).graph();
        if (Files.isExecutable(DOT)) {
            requireThatGraphvizTakesIt();
        }
    }

    private void requireThatGraphvizTakesIt() throws IOException, InterruptedException {
        Process dot = new ProcessBuilder(DOT.toString(), "-Tcanon")
                .redirectErrorStream(true)
                .start();
        dot.getOutputStream().write(drawing.getBytes(StandardCharsets.UTF_8));
        dot.getOutputStream().close();
        String said = new String(dot.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(dot.waitFor()).as(said).isZero();
    }

    /** As much of the grammar of the DOT language (graphviz.org/doc/info/lang.html) as is used here; anything else is an error. */
    private static final class Parser {

        private static final Pattern TOKEN =
                Pattern.compile("\\s*(--|[{}\\[\\]=;,]|[A-Za-z_][A-Za-z_0-9]*|\"(?:[^\"\\\\\\n]|\\\\.)*\")");

        private final List<String> tokens = new ArrayList<>();
        private int next;

        Parser(String text) {
            Matcher matcher = TOKEN.matcher(text.strip());
            int at = 0;
            while (matcher.lookingAt()) {
                tokens.add(matcher.group(1));
                at = matcher.end();
                matcher.region(at, text.strip().length());
            }
            assertThat(at)
                    .as("not a token: " + text.strip().substring(at))
                    .isEqualTo(text.strip().length());
        }

        void graph() {
            expect("graph");
            id();
            statements();
            assertThat(next).isEqualTo(tokens.size());
        }

        private void statements() {
            expect("{");
            while (!tokens.get(next).equals("}")) {
                statement();
            }
            expect("}");
        }

        private void statement() {
            if (tokens.get(next).equals("subgraph")) {
                next++;
                id();
                statements();
                return;
            }
            id();
            if (tokens.get(next).equals("=")) {
                next++;
                id();
            } else {
                if (tokens.get(next).equals("--")) {
                    next++;
                    id();
                }
                attributes();
            }
            expect(";");
        }

        private void attributes() {
            expect("[");
            do {
                id();
                expect("=");
                id();
            } while (tokens.get(next++).equals(","));
            assertThat(tokens.get(next - 1)).isEqualTo("]");
        }

        private void id() {
            assertThat(tokens.get(next++)).matches("(?s)[A-Za-z_].*|\".*\"");
        }

        private void expect(String token) {
            assertThat(tokens.get(next++)).isEqualTo(token);
        }
    }
}
