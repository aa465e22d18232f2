package io.netyard.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Adds up the test reports of several runs, for instance on the host's kernel and in the lab kernel. Each test counts once:
 * as failed if it failed in any run, as passed if it passed in one, whoever else has skipped it. One that was skipped everywhere
 * counts as failed, unless a run could not take place at all: then it may have had its place there, and counts as skipped. So
 * does one that is about a kernel which lacks something, where none does, and one of a program that is tested only where somebody has installed it.
 *
 * <p>Arguments: {@code LABEL=DIRECTORY ...}, directories with the XML reports of surefire or of JUnit's console launcher; a label
 * may occur more than once. {@code --without=REASON} says that a run could not take place, and why. The last line of the output is
 * {@code N passed, N failed, N skipped}; exit status 0 if none failed, 1 if some did, 2 if the arguments make no sense.
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

    private static final String WITHOUT = "--without=";

    private Ledger() {}

    public static void main(String[] arguments) {
        try {
            Summary summary = summary(List.of(arguments));
            summary.lines().forEach(System.out::println);
            System.exit(summary.good() ? 0 : 1);
        } catch (IllegalArgumentException e) {
            System.out.println("Test reports: " + e.getMessage());
            System.exit(2);
        }
    }

    static Summary summary(List<String> arguments) {
        Optional<String> without = arguments.stream()
                .filter(argument -> argument.startsWith(WITHOUT))
                .map(argument -> argument.substring(WITHOUT.length()))
                .findFirst();
        return summary(
                read(arguments.stream()
                        .filter(argument -> !argument.startsWith(WITHOUT))
                        .toList()),
                without);
    }

    /** Results by test, {@code CLASS: NAME}. A run without reports is a failure of its own. */
    private static SortedMap<String, List<Result>> read(List<String> arguments) {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("which? LABEL=DIRECTORY ...");
        }
        SortedMap<String, List<Result>> results = new TreeMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + argument + "' is not of the form LABEL=DIRECTORY");
            }
            String run = argument.substring(0, equals);
            Path directory = Path.of(argument.substring(equals + 1));
            try {
                List<Path> reports = reports(directory);
                if (reports.isEmpty()) {
                    add(
                            results,
                            directory.toString(),
                            failure(run, "no reports: the run did not take place, or was cut off"));
                }
                for (Path report : reports) {
                    read(run, report, results);
                }
            } catch (IOException e) {
                add(results, directory.toString(), failure(run, "cannot be read: " + e.getMessage()));
            }
        }
        return results;
    }

    private static List<Path> reports(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                    .sorted()
                    .toList();
        }
    }

    private static Result failure(String run, String reason) {
        return new Result(run, Outcome.FAILED, reason);
    }

    private static void add(Map<String, List<Result>> results, String test, Result result) {
        results.computeIfAbsent(test, key -> new ArrayList<>()).add(result);
    }

    private static void read(String run, Path report, Map<String, List<Result>> results) throws IOException {
        NodeList cases = parse(report).getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            String name = test.getAttribute("name").replaceFirst("\\(\\)$", "");
            String of = test.getAttribute("classname");
            add(results, name.isEmpty() ? of : of + ": " + name, result(run, test));
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
                // What the console launcher puts in front where the condition is the class's.
                .replaceFirst("^parent was skipped: ", "")
                // What JUnit puts in front of a condition's own words for a method.
                .replaceFirst("^public .* is @Disabled$", "@Disabled without a reason");
    }

    private static Document parse(Path report) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            // Test output can be anything; it must not make us fetch something.
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            DocumentBuilder builder = factory.newDocumentBuilder();
            // Throws, where the default one prints as well.
            builder.setErrorHandler(new DefaultHandler());
            return builder.parse(report.toFile());
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(report + ": " + e.getMessage(), e);
        }
    }

    private static Summary summary(SortedMap<String, List<Result>> results, Optional<String> without) {
        List<String> lines = new ArrayList<>();
        int passed = 0;
        int failed = 0;
        int skipped = 0;
        for (Map.Entry<String, List<Result>> entry : results.entrySet()) {
            String test = entry.getKey();
            List<Result> failures = with(Outcome.FAILED, entry.getValue());
            if (!failures.isEmpty()) {
                failed++;
                failures.forEach(
                        result -> lines.add("FAILED   %s on %s: %s".formatted(test, result.run(), result.reason())));
            } else if (!with(Outcome.PASSED, entry.getValue()).isEmpty()) {
                passed++;
            } else if (!invocations(test, results)) {
                String reasons = entry.getValue().stream()
                        .map(result -> result.run() + ": " + result.reason())
                        .distinct()
                        .collect(Collectors.joining("; "));
                boolean ofALack = entry.getValue().stream()
                        .allMatch(result -> result.reason().startsWith(Feature.ONLY_WITHOUT)
                                || result.reason().startsWith(Feature.ONLY_WITH));
                if (ofALack || without.isPresent()) {
                    skipped++;
                    lines.add("skipped  %s (%s%s)"
                            .formatted(
                                    test,
                                    reasons,
                                    without.map(why -> "; " + why).orElse("")));
                } else {
                    failed++;
                    lines.add("FAILED   %s: runs nowhere (%s)".formatted(test, reasons));
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

    private static List<Result> with(Outcome outcome, List<Result> results) {
        return results.stream().filter(result -> result.outcome() == outcome).toList();
    }

    /** A parameterized test that is skipped has one report without an index; where it runs, one with an index for each invocation. */
    private static boolean invocations(String test, SortedMap<String, List<Result>> results) {
        SortedMap<String, List<Result>> from = results.tailMap(test + "[");
        return !from.isEmpty() && from.firstKey().startsWith(test + "[");
    }
}
