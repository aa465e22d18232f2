package io.netyard.firewall.nftables;

import io.netyard.bridge.NetlinkBridges;
import io.netyard.testing.Feature;
import io.netyard.testing.FixedNamespaces;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.contract.FirewallBackendContract;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What every backend must do: on this kernel what it has of nf_tables. */
@LiveKernel(needs = Feature.NFTABLES_BRIDGE)
class NftablesContractLiveTest {

    @TestFactory
    Stream<DynamicTest> contract() {
        FixedNamespaces namespaces = new FixedNamespaces();
        NftablesBackend backend = new NftablesBackend(namespaces, new NetlinkBridges(namespaces));
        return new FirewallBackendContract(backend, namespaces)
                .scenariosForThisKernel().stream()
                        .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> scenario.run()
                                .ifPresent(why -> System.out.println(scenario.name() + ": " + why))));
    }
}
