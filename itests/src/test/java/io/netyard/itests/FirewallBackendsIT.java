package io.netyard.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.netyard.api.firewall.FirewallBackend;
import io.netyard.api.netns.Namespaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerSuite;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** Every backend that the appliance has keeps the one contract, in the container that it is shipped in. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerSuite.class)
public class FirewallBackendsIT {

    private static final List<String> SHIPPED =
            List.of("ebtables-legacy", "ebtables-nft", "iptables-legacy", "iptables-nft", "nftables");

    @Inject
    private BundleContext context;

    @Inject
    private Namespaces namespaces;

    @Configuration
    public Option[] shippedDistribution() {
        return ShippedDistribution.options();
    }

    @Test
    public void everyBackendThatWorksHereKeepsTheContract() throws Exception {
        Console.await(() -> backends().keySet().containsAll(SHIPPED));
        List<String> failures = new ArrayList<>();
        int tried = 0;
        for (Map.Entry<String, FirewallBackend> backend : backends().entrySet()) {
            Optional<String> unavailable = backend.getValue().unavailable();
            if (unavailable.isPresent()) {
                assertFalse(
                        unavailable.get(),
                        unavailable.get().isBlank() || unavailable.get().contains("\n"));
                System.out.printf("%s does not work here: %s%n", backend.getKey(), unavailable.get());
            } else {
                tried++;
                // Those that are shipped keep all of it in live tests of their own.
                boolean whole = !SHIPPED.contains(backend.getKey());
                failures.addAll(ContractBundle.failures(backend.getValue(), backend.getKey(), namespaces, whole));
            }
        }
        assertEquals(List.of(), failures);
        assertTrue("no backend works here", tried > 0);
    }

    private Map<String, FirewallBackend> backends() {
        Map<String, FirewallBackend> backends = new TreeMap<>();
        try {
            for (ServiceReference<FirewallBackend> reference :
                    context.getServiceReferences(FirewallBackend.class, null)) {
                backends.put(reference.getProperty(FirewallBackend.NAME).toString(), context.getService(reference));
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("there is no filter to be wrong", e);
        }
        return backends;
    }
}
