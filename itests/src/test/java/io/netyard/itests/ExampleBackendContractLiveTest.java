package io.netyard.itests;

import io.netyard.examples.firewall.ExampleBackend;
import io.netyard.testing.Feature;
import io.netyard.testing.FixedNamespaces;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.contract.FirewallBackendContract;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The example keeps what every backend promises. */
@LiveKernel(needs = Feature.NFTABLES_BRIDGE)
class ExampleBackendContractLiveTest {

    @TestFactory
    Stream<DynamicTest> contract() {
        FixedNamespaces namespaces = new FixedNamespaces();
        return new FirewallBackendContract(new ExampleBackend(namespaces), namespaces)
                .scenariosForThisKernel().stream()
                        .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> scenario.run()
                                .ifPresent(why -> System.out.println(scenario.name() + ": " + why))));
    }
}
