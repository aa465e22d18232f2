package io.netyard.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.netyard.api.NetnsRef;
import io.netyard.api.netns.Namespaces;
import io.netyard.itests.trial.ThreadHolder;
import io.netyard.itests.trial.TrialActivator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.inject.Inject;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerSuite;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** A bundle that nobody knew when the appliance was built brings a further kind of namespace holder, and takes it away again. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public class HotDeployIT {

    @Inject
    private BundleContext context;

    @Inject
    private SessionFactory sessions;

    @Inject
    private Namespaces namespaces;

    private Console console;

    @Configuration
    public Option[] shippedDistribution() {
        return ShippedDistribution.options();
    }

    @Before
    public void commands() throws InterruptedException {
        console = new Console(sessions);
        console.awaitCommands();
    }

    @Test
    public void aHolderArrivesIsUsedAndLeavesWithoutARestart() throws Exception {
        List<String> before = Console.traces();
        assertFalse(namespaces.holders().containsKey("thread"));
        Console.Outcome tooEarly = console.run("netns:create --holder thread early");
        assertTrue(tooEarly.failed());
        assertTrue(tooEarly.all(), tooEarly.all().contains("thread"));

        Bundle trial = context.installBundle("netyard-trial", trialBundle());
        trial.start();
        Console.await(() -> namespaces.holders().containsKey("thread"));

        Path lab = Files.createTempFile("trial", ".yaml");
        Files.writeString(
                lab,
                """
                lab: trial
                nodes:
                  left: {holder: thread, interfaces: {cable: {addresses: [10.9.0.1/24]}}}
                  right: {interfaces: {cable: {addresses: [10.9.0.2/24]}}}
                links:
                  cable: ["left:cable", "right:cable"]
                expect:
                  reach: ["left <-> right"]
                """,
                StandardCharsets.UTF_8);
        console.must("lab:apply " + lab);
        assertEquals(
                List.of("phase trial", "ping left right OK", "ping right left OK"),
                console.run("lab:verify --lines trial").lines());
        NetnsRef held = namespaces.resolve("trial/left").ref();
        assertTrue(held.net().toString(), held.net().toString().contains("/task/"));

        console.must("lab:destroy trial");
        trial.uninstall();
        Console.await(() -> !namespaces.holders().containsKey("thread"));
        assertTrue(console.run("netns:create --holder thread late").failed());
        Files.delete(lab);
        Console.await(() -> Console.traces().equals(before));
    }

    /** A jar with two classes and an import of the api, as an engineer would drop it into a running host. */
    private static InputStream trialBundle() throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", "io.netyard.itests.trial");
        headers.putValue("Bundle-Activator", TrialActivator.class.getName());
        headers.putValue(
                "Import-Package",
                "org.osgi.framework,io.netyard.api;version=\"[1,2)\",io.netyard.api.netns;version=\"[1,2)\","
                        + "io.netyard.kernel;version=\"[1,2)\"");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (Class<?> type : List.of(TrialActivator.class, ThreadHolder.class, ThreadHolder.Parked.class)) {
                String path = type.getName().replace('.', '/') + ".class";
                jar.putNextEntry(new JarEntry(path));
                try (InputStream in = type.getClassLoader().getResourceAsStream(path)) {
                    in.transferTo(jar);
                }
                jar.closeEntry();
            }
        }
        return new ByteArrayInputStream(bytes.toByteArray());
    }
}
