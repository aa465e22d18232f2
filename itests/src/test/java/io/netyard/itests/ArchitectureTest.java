package io.netyard.itests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows of the design, over the classes of all bundles. */
@AnalyzeClasses(packages = "io.netyard", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule dependenciesPointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("shell")
            .definedBy("io.netyard.shell..")
            .layer("lab")
            .definedBy("io.netyard.lab..")
            .layer("proof")
            .definedBy("io.netyard.proof..")
            .layer("netns")
            .definedBy("io.netyard.netns..")
            .layer("link")
            .definedBy("io.netyard.link..")
            .layer("bridge")
            .definedBy("io.netyard.bridge..")
            .layer("container")
            .definedBy("io.netyard.container..")
            .layer("routing")
            .definedBy("io.netyard.routing..")
            .layer("firewall")
            .definedBy("io.netyard.firewall..")
            .layer("kernel")
            .definedBy("io.netyard.kernel..")
            .layer("api")
            .definedBy("io.netyard.api..")
            .whereLayer("shell")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("lab")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("proof")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("netns")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("link")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("bridge")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("routing")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("firewall")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("container")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("kernel")
            .mayOnlyBeAccessedByLayers("netns", "link", "bridge", "routing", "firewall", "proof");

    /** Backends come and go. */
    @ArchTest
    static final ArchRule nobodyNeedsABackend = noClasses()
            .that()
            .resideOutsideOfPackage("io.netyard.firewall.*..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netyard.firewall.*..");

    @ArchTest
    static final ArchRule theApiHasNoInputOrOutput = noClasses()
            .that()
            .resideInAPackage("io.netyard.api..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net.http..", "java.nio.channels..", "org.osgi.framework..", "jnr..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.nio.file.Files");

    @ArchTest
    static final ArchRule nativeCodeIsSealedInTheKernelBundle = noClasses()
            .that()
            .resideOutsideOfPackage("io.netyard.kernel..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jnr..", "com.kenai.jffi..", "io.netyard.kernel.libc..");

    /** setns and unshare move one thread: they are called in one class, on threads of their own. */
    @ArchTest
    static final ArchRule oneClassMovesBetweenNamespaces = noClasses()
            .that()
            .doNotHaveSimpleName("NamespaceThread")
            .should()
            .callMethod("io.netyard.kernel.libc.LibC", "setns", "int", "int")
            .orShould()
            .callMethod("io.netyard.kernel.libc.LibC", "unshare", "int");

    /** posix_spawn by Spawner is the only way to start a process: nothing is ever put together as a shell string. */
    @ArchTest
    static final ArchRule nobodyForks = noClasses()
            .that()
            .resideOutsideOfPackage("io.netyard.testing..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.ProcessBuilder")
            .orShould()
            .callMethod(Runtime.class, "exec", String.class);
}
