package io.netyard.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * Adds up the test reports of several runs, for instance on the host's kernel and in the lab kernel. A test may be skipped in
 * one run if it runs in another; one that runs nowhere counts as failed.
 *
 * <p>Arguments: {@code LABEL=DIRECTORY ...}, directories with the XML reports of surefire or of JUnit's console launcher; a label
 * may occur more than once. The last line of the output is {@code N passed, N failed, N skipped}; exit status 0 if none failed, 1
 * if some did, 2 if the reports cannot be read.
 */
public final class Ledger {

    enum Outcome {
        PASSED,
        FAILED,
        SKIPPED
    }

    /**
     * One test in one run.
     *
     * @param reason why it failed or was skipped, its first line; else empty
     */
    record Result(String run, Outcome outcome, String reason) {}

    /** What is to be printed, and whether all is well. */
    record Summary(List<String> lines, boolean good) {}

    private Ledger() {}

    public static void main(String[] arguments) {
        try {
            Summary summary = summary(read(List.of(arguments)));
            summary.lines().forEach(System.out::println);
            System.exit(summary.good() ? 0 : 1);
        } catch (IOException | IllegalArgumentException e) {
            System.out.println("Test reports: " + e.getMessage());
            System.exit(2);
        }
    }

    /** Results by test, {@code CLASS: NAME}. */
    static Map<String, List<Result>> read(List<String> arguments) throws IOException {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("which? LABEL=DIRECTORY ...");
        }
        Map<String, List<Result>> results = new TreeMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + argument + "' is not of the form LABEL=DIRECTORY");
            }
            String run = argument.substring(0, equals);
            Path directory = Path.of(argument.substring(equals + 1));
            List<Path> reports;
            try (Stream<Path> files = Files.list(directory)) {
                reports = files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                        .sorted()
                        .toList();
            }
            if (reports.isEmpty()) {
                throw new IllegalArgumentException(directory + " has none: did the run '" + run + "' take place?");
            }
            for (Path report : reports) {
                read(run, report, results);
            }
        }
        return results;
    }

    private static void read(String run, Path report, Map<String, List<Result>> results) throws IOException {
        NodeList cases = parse(report).getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            String name = test.getAttribute("name").replaceFirst("\\(\\)$", "");
            String of = test.getAttribute("classname");
            results.computeIfAbsent(name.isEmpty() ? of : of + ": " + name, key -> new ArrayList<>())
                    .add(result(run, test));
        }
    }

    private static Result result(String run, Element test) {
        for (String bad : List.of("failure", "error")) {
            NodeList found = test.getElementsByTagName(bad);
            if (found.getLength() > 0) {
                return new Result(run, Outcome.FAILED, reason((Element) found.item(0)));
            }
        }
        NodeList skipped = test.getElementsByTagName("skipped");
        return skipped.getLength() > 0
                ? new Result(run, Outcome.SKIPPED, reason((Element) skipped.item(0)))
                : new Result(run, Outcome.PASSED, "");
    }

    /** Surefire has the reason in an attribute, the console launcher in the text. */
    private static String reason(Element element) {
        String message = element.getAttribute("message");
        String all = message.isBlank() ? element.getTextContent() : message;
        return all.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("no reason given")
                // What JUnit puts in front of a condition's own words for a method.
                .replaceFirst("^public .* is @Disabled$", "@Disabled without a reason");
    }

    private static Document parse(Path report) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            // Test output can be anything; it must not make us fetch something.
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder().parse(report.toFile());
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(report + ": " + e.getMessage(), e);
        }
    }

    static Summary summary(Map<String, List<Result>> results) {
        List<String> lines = new ArrayList<>();
        int passed = 0;
        int failed = 0;
        int skipped = 0;
        for (Map.Entry<String, List<Result>> entry : results.entrySet()) {
            boolean runsSomewhere = entry.getValue().stream().anyMatch(result -> result.outcome() != Outcome.SKIPPED);
            if (!runsSomewhere) {
                failed++;
                Set<String> reasons = new LinkedHashSet<>();
                entry.getValue().forEach(result -> reasons.add(result.run() + ": " + result.reason()));
                lines.add("FAILED   %s: runs nowhere (%s)".formatted(entry.getKey(), String.join("; ", reasons)));
                continue;
            }
            for (Result result : entry.getValue()) {
                switch (result.outcome()) {
                    case PASSED -> passed++;
                    case FAILED -> {
                        failed++;
                        lines.add(line("FAILED  ", entry.getKey(), result));
                    }
                    case SKIPPED -> {
                        skipped++;
                        lines.add(line("skipped ", entry.getKey(), result));
                    }
                }
            }
        }
        if (passed + failed == 0) {
            lines.add("FAILED   no test has run at all");
            failed = 1;
        }
        lines.add("%d passed, %d failed, %d skipped".formatted(passed, failed, skipped));
        return new Summary(lines, failed == 0);
    }

    private static String line(String what, String test, Result result) {
        return "%s %s on %s: %s".formatted(what, test, result.run(), result.reason());
    }
}
