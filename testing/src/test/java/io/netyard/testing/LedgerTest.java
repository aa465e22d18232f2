package io.netyard.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

    @TempDir
    Path directory;

    private Path host;
    private Path lab;

    @BeforeEach
    void directories() throws IOException {
        host = Files.createDirectory(directory.resolve("host"));
        lab = Files.createDirectory(directory.resolve("lab"));
    }

    @Test
    void skippedOnOneKernelAndRunOnTheOtherIsFine() throws IOException {
        console(
                host,
                """
                <testcase name="filters()" classname="io.netyard.BridgeLiveTest" time="0">
                <skipped><![CDATA[needs bridge VLAN filtering: runs in the lab kernel (User-mode Linux)]]></skipped>
                <system-out><![CDATA[unique-id: [engine:junit-jupiter]]]></system-out>
                </testcase>
                """);
        console(lab, "<testcase name=\"filters()\" classname=\"io.netyard.BridgeLiveTest\" time=\"1.5\"/>");

        Ledger.Summary summary = summary();

        assertThat(summary.good()).isTrue();
        assertThat(summary.lines())
                .containsExactly(
                        "skipped  io.netyard.BridgeLiveTest: filters on host: needs bridge VLAN filtering: runs in the lab kernel (User-mode Linux)",
                        "1 passed, 0 failed, 1 skipped");
    }

    @Test
    void skippedEverywhereIsAFailure() throws IOException {
        console(host, "<testcase name=\"a()\" classname=\"ALiveTest\"><skipped>needs x</skipped></testcase>");
        console(lab, "<testcase name=\"a()\" classname=\"ALiveTest\"><skipped>needs y</skipped></testcase>");

        Ledger.Summary summary = summary();

        assertThat(summary.good()).isFalse();
        assertThat(summary.lines())
                .containsExactly(
                        "FAILED   ALiveTest: a: runs nowhere (host: needs x; lab kernel: needs y)",
                        "0 passed, 1 failed, 0 skipped");
    }

    @Test
    void failuresAndErrorsAreNamedWithTheirFirstLine() throws IOException {
        console(
                host,
                """
                <testcase name="a()" classname="ATest"><failure message="expected 1&#10;but was 2" type="E">stack</failure></testcase>
                <testcase name="b()" classname="ATest"><error type="E">IOException: gone
                   at x</error></testcase>
                <testcase name="c()" classname="ATest"/>
                """);
        console(lab, "<testcase name=\"a()\" classname=\"ATest\"/>");

        Ledger.Summary summary = summary();

        assertThat(summary.good()).isFalse();
        assertThat(summary.lines())
                .containsExactly(
                        "FAILED   ATest: a on host: expected 1",
                        "FAILED   ATest: b on host: IOException: gone",
                        "2 passed, 2 failed, 0 skipped");
    }

    /** Surefire writes names without parentheses, and the reason as an attribute. */
    @Test
    void surefireAndConsoleLauncherMeanTheSameTest() throws IOException {
        report(host, "TEST-ATest.xml", "<testcase name=\"a\" classname=\"ATest\"><skipped message=\"no\"/></testcase>");
        console(lab, "<testcase name=\"a()\" classname=\"ATest\"/>");

        assertThat(summary().lines()).endsWith("1 passed, 0 failed, 1 skipped");
    }

    @Test
    void aRunWithoutReportsIsNotAPassingRun() throws IOException {
        console(host, "<testcase name=\"a()\" classname=\"ATest\"/>");

        assertThatIllegalArgumentException()
                .isThrownBy(this::summary)
                .withMessageContaining("did the run 'lab kernel' take place?");
    }

    @Test
    void reportsWithoutATestAreAFailure() throws IOException {
        console(host, "");
        console(lab, "");

        assertThat(summary().good()).isFalse();
        assertThat(summary().lines()).endsWith("0 passed, 1 failed, 0 skipped");
    }

    private Ledger.Summary summary() throws IOException {
        return Ledger.summary(Ledger.read(List.of("host=" + host, "lab kernel=" + lab)));
    }

    private static void console(Path run, String cases) throws IOException {
        report(run, "TEST-junit-jupiter.xml", cases);
    }

    private static void report(Path run, String file, String cases) throws IOException {
        Files.writeString(
                run.resolve(file),
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"x\">" + cases + "</testsuite>");
    }
}
