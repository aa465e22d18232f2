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
        assertThat(summary.lines()).containsExactly("1 passed, 0 failed, 0 skipped");
    }

    @Test
    void aTestThatRunsOnBothKernelsCountsOnce() throws IOException {
        console(host, "<testcase name=\"a()\" classname=\"ALiveTest\"/>");
        console(lab, "<testcase name=\"a()\" classname=\"ALiveTest\"/>");

        assertThat(summary().lines()).containsExactly("1 passed, 0 failed, 0 skipped");
    }

    /** An ordinary user: the host's kernel is not for the tests, and what needs it has nowhere to run. */
    @Test
    void whatHasItsPlaceInARunThatCouldNotTakePlaceIsSkipped() throws IOException {
        console(
                lab,
                """
                <testcase name="a()" classname="ALiveTest"><skipped>needs x: runs on the host kernel</skipped></testcase>
                <testcase name="b()" classname="ALiveTest"/>
                """);

        Ledger.Summary summary =
                Ledger.summary(List.of("--without=not root: this kernel is left alone", "lab kernel=" + lab));

        assertThat(summary.good()).isTrue();
        assertThat(summary.lines())
                .containsExactly(
                        "skipped  ALiveTest: a (lab kernel: needs x: runs on the host kernel; not root: this kernel is left alone)",
                        "1 passed, 0 failed, 1 skipped");
    }

    /** On hosts whose kernel has everything there is no place for it. */
    @Test
    void aTestOfWhatAKernelLacksMayBeSkippedEverywhere() throws IOException {
        String skipped =
                "<testcase name=\"a()\" classname=\"ALiveTest\"><skipped>only for a kernel without x</skipped></testcase>";
        console(host, skipped + "<testcase name=\"b()\" classname=\"ALiveTest\"/>");
        console(lab, skipped);

        assertThat(summary().lines())
                .containsExactly(
                        "skipped  ALiveTest: a (host: only for a kernel without x; lab kernel: only for a kernel without x)",
                        "1 passed, 0 failed, 1 skipped");
    }

    @Test
    void aTestOfWhatTheTestsDoNotInstallMayBeSkippedEverywhere() throws IOException {
        String skipped =
                "<testcase name=\"a()\" classname=\"ALiveTest\"><skipped>only where installed: x</skipped></testcase>";
        console(host, skipped + "<testcase name=\"b()\" classname=\"ALiveTest\"/>");
        console(
                lab,
                "<testcase name=\"a()\" classname=\"ALiveTest\"><skipped>parent was skipped: only where installed: x</skipped></testcase>");

        assertThat(summary().good()).isTrue();
    }

    /** Where the condition fails nobody has counted the parameters. */
    @Test
    void aParameterizedTestThatIsSkippedHasNoIndex() throws IOException {
        console(host, "<testcase name=\"a(String)\" classname=\"ALiveTest\"><skipped>needs x</skipped></testcase>");
        console(
                lab,
                """
                <testcase name="a(String)[1]" classname="ALiveTest"/>
                <testcase name="a(String)[2]" classname="ALiveTest"/>
                """);

        assertThat(summary().lines()).containsExactly("2 passed, 0 failed, 0 skipped");
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
                        "1 passed, 2 failed, 0 skipped");
    }

    /** Surefire writes names without parentheses, and the reason as an attribute. */
    @Test
    void surefireAndConsoleLauncherMeanTheSameTest() throws IOException {
        report(host, "TEST-ATest.xml", "<testcase name=\"a\" classname=\"ATest\"><skipped message=\"no\"/></testcase>");
        console(lab, "<testcase name=\"a()\" classname=\"ATest\"/>");

        assertThat(summary().lines()).containsExactly("1 passed, 0 failed, 0 skipped");
    }

    @Test
    void aRunWithoutReportsIsNotAPassingRun() throws IOException {
        console(host, "<testcase name=\"a()\" classname=\"ATest\"/>");

        assertThat(summary().good()).isFalse();
        assertThat(summary().lines())
                .containsExactly(
                        "FAILED   " + lab + " on lab kernel: no reports: the run did not take place, or was cut off",
                        "1 passed, 1 failed, 0 skipped");
        Files.delete(lab);
        assertThat(summary().lines()).endsWith("1 passed, 1 failed, 0 skipped");
    }

    @Test
    void aReportThatCannotBeReadIsAFailure() throws IOException {
        console(host, "<testcase name=\"a()\" classname=\"ATest\"/>");
        Files.writeString(lab.resolve("TEST-junit-jupiter.xml"), "<testsuite><testcase name=\"b");

        assertThat(summary().lines()).endsWith("1 passed, 1 failed, 0 skipped");
    }

    @Test
    void argumentsThatMakeNoSenseAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Ledger.summary(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ledger.summary(List.of("reports")))
                .withMessage("'reports' is not of the form LABEL=DIRECTORY");
    }

    @Test
    void reportsWithoutATestAreAFailure() throws IOException {
        console(host, "");
        console(lab, "");

        assertThat(summary().good()).isFalse();
        assertThat(summary().lines()).endsWith("0 passed, 1 failed, 0 skipped");
    }

    private Ledger.Summary summary() {
        return Ledger.summary(List.of("host=" + host, "lab kernel=" + lab));
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
