package io.netyard.itests;

import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.netns.Namespaces;
import io.netyard.testing.contract.FirewallBackendContract;
import io.netyard.testing.contract.FirewallBackendContract.Scenario;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** Brings module testing, which is no bundle, into the container under test: the contract of firewall backends, which it runs, and intruders. */
final class ContractBundle {

    private static final String CLASSES = "netyard.testing.classes";

    private ContractBundle() {}

    /** For the configuration: tells the container where the classes are. */
    static Option option() {
        return CoreOptions.systemProperty(CLASSES).value(classes().toString());
    }

    /** For the configuration: has the classes in the container from the start. */
    static Option provisioned() throws IOException {
        return CoreOptions.streamBundle(jar(classes()));
    }

    private static Path classes() {
        return Path.of(FirewallBackendContract.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath());
    }

    /** Inside the container. Whoever asks for the contract's classes before that does not find them. */
    static Bundle install(BundleContext context) throws IOException, BundleException {
        Bundle bundle = context.installBundle("netyard-contract", jar(Path.of(System.getProperty(CLASSES))));
        bundle.start();
        return bundle;
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
        headers.putValue("Export-Package", "io.netyard.testing,io.netyard.testing.attack,io.netyard.testing.contract");
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
