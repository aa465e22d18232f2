package io.netyard.firewall.iptables;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netyard.firewall.chains.Tools;
import io.netyard.testing.FixedNamespaces;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.contract.FirewallBackendContract;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What every backend must do, by both flavours, each on the kernel that has it. */
@LiveKernel
class IptablesContractLiveTest {

    private final Tools tools = new Tools(new FixedNamespaces(), "iptables");

    private FirewallBackendContract contract;

    @TestFactory
    Stream<DynamicTest> nft() {
        return contract(new NftIptables(tools));
    }

    @TestFactory
    Stream<DynamicTest> legacy() {
        return contract(new LegacyIptables(tools));
    }

    private Stream<DynamicTest> contract(IptablesBackend backend) {
        Optional<String> unavailable = backend.unavailable();
        if (unavailable.isPresent()) {
            // A test of its own, so that it has the name of one that is run on the other kernel.
            String why = "runs on the other kernel; here: " + unavailable.get();
            return Stream.of(DynamicTest.dynamicTest("not here", () -> assumeTrue(false, why)));
        }
        contract = new FirewallBackendContract(backend, new FixedNamespaces());
        return contract.scenariosForThisKernel().stream()
                .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> scenario.run()
                        .ifPresent(why -> System.out.println(scenario.name() + ": " + why))));
    }

    @AfterEach
    void end() {
        if (contract != null) {
            contract.close();
        }
    }
}
