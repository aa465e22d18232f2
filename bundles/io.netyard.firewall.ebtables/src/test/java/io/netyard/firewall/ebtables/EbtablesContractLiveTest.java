package io.netyard.firewall.ebtables;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netyard.api.InterfaceName;
import io.netyard.api.NetnsRef;
import io.netyard.firewall.chains.Tools;
import io.netyard.testing.FixedNamespaces;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.contract.FirewallBackendContract;
import io.netyard.testing.contract.FirewallBackendContract.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What every backend must do, by both flavours, each on the kernel that has it. */
@LiveKernel
class EbtablesContractLiveTest {

    private final FixedNamespaces namespaces = new FixedNamespaces();
    private final Tools tools = new Tools(namespaces, "ebtables");

    private FirewallBackendContract contract;

    @TestFactory
    Stream<DynamicTest> nft() {
        return contract(new NftEbtables(tools, this::bridges), FirewallBackendContract::scenariosForThisKernel);
    }

    @TestFactory
    Stream<DynamicTest> legacy() {
        return contract(new LegacyEbtables(tools, this::bridges), FirewallBackendContract::scenarios);
    }

    private List<InterfaceName> bridges(NetnsRef netns) {
        return namespaces
                .run(netns, List.of("ip", "-br", "link", "show", "type", "bridge"), "", Duration.ofSeconds(20))
                .output()
                .lines()
                .map(line -> new InterfaceName(line.split(" ", 2)[0]))
                .toList();
    }

    private Stream<DynamicTest> contract(
            EbtablesBackend backend, Function<FirewallBackendContract, List<Scenario>> which) {
        Optional<String> unavailable = backend.unavailable();
        if (unavailable.isPresent()) {
            // A test of its own, so that it has the name of one that is run on the other kernel.
            String why = "runs on the other kernel; here: " + unavailable.get();
            return Stream.of(DynamicTest.dynamicTest("not here", () -> assumeTrue(false, why)));
        }
        contract = new FirewallBackendContract(backend, namespaces);
        return which.apply(contract).stream()
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
