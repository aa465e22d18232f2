package io.netyard.itests;

import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.netns.Namespaces;
import io.netyard.testing.contract.FirewallBackendContract;
import io.netyard.testing.contract.FirewallBackendContract.Scenario;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.Option;

/** Brings module testing, which is no bundle, into the container under test: the contract of firewall backends, which it runs, intruders, and real containers. */
final class ContractBundle {

    private ContractBundle() {}

    /** For the configuration: has the classes in the container from the start. */
    static Option provisioned() {
        try {
            return CoreOptions.streamBundle(jar(classes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path classes() {
        return Path.of(FirewallBackendContract.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
    }

    /** @param classes a directory or, as Maven hands modules to each other, a jar */
    private static InputStream jar(Path classes) throws IOException {
        if (Files.isDirectory(classes)) {
            return bundle(classes);
        }
        try (FileSystem jar = FileSystems.newFileSystem(classes)) {
            return bundle(jar.getPath("/"));
        }
    }

    private static InputStream bundle(Path classes) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", "io.netyard.itests.contract");
        headers.putValue(
                "Export-Package",
                "io.netyard.testing,io.netyard.testing.attack,io.netyard.testing.containers,io.netyard.testing.contract");
        headers.putValue(
                "DynamicImport-Package", "io.netyard.api,io.netyard.api.*,io.netyard.kernel,io.netyard.kernel.*");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest);
                Stream<Path> files = Files.walk(classes.resolve("io/netyard/testing"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".class"))
                    .sorted()
                    .toList()) {
                jar.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, jar);
                jar.closeEntry();
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }

    /**
     * Runs the contract.
     *
     * @param whole all of it, not only samples
     * @return what a backend has failed at, one line each
     */
    static List<String> failures(FirewallBackend backend, String name, Namespaces namespaces, boolean whole) {
        List<String> failures = new ArrayList<>();
        try (FirewallBackendContract contract = new FirewallBackendContract(backend, namespaces)) {
            for (Scenario scenario : whole ? contract.scenarios() : contract.samples()) {
                try {
                    Optional<String> untried = scenario.run();
                    System.out.printf("%s: %s: %s%n", name, scenario.name(), untried.orElse("kept"));
                } catch (AssertionError | Exception e) {
                    failures.add("%s: %s: %s".formatted(name, scenario.name(), e));
                }
            }
        }
        return failures;
    }
}
