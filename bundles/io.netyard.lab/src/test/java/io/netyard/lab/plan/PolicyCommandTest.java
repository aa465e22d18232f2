package io.netyard.lab.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.RequestException;
import io.netyard.api.firewall.Firewall;
import io.netyard.api.firewall.FirewallBackend.ToolInput;
import io.netyard.api.firewall.Layer;
import io.netyard.api.firewall.Policy;
import io.netyard.api.firewall.Rule;
import io.netyard.lab.network.PolicyUse;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PolicyCommandTest {

    private static final Operation.SetPolicy OPERATION = new Operation.SetPolicy(
            "carl",
            new PolicyUse(
                    new Policy(
                            "guard",
                            Layer.NETWORK,
                            Optional.empty(),
                            Set.of(),
                            List.of(Rule.parse("input udp dport 9 drop")),
                            Map.of()),
                    Optional.empty()));

    private static Firewall firewall(Firewall.Loading loading) {
        return (Firewall) Proxy.newProxyInstance(
                Firewall.class.getClassLoader(), new Class<?>[] {Firewall.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("choose")) {
                        return new Firewall.Choice(Optional.of("some"), Map.of());
                    }
                    if (loading == null) {
                        throw new RequestException("backend some has no words for its tool");
                    }
                    return loading;
                });
    }

    @Test
    void isWhatTheBackendFeedsToItsTool() {
        Firewall.Loading loading = new Firewall.Loading(
                List.of(new ToolInput(List.of("nft", "-f", "-"), "add table inet x\nRULES\n")),
                Map.of("bridge-nf-call-iptables", "1"));
        assertThat(new PolicyCommand(firewall(loading)).of(OPERATION))
                .isEqualTo(
                        """
                        ip netns exec carl sysctl -q -w net.bridge.bridge-nf-call-iptables=1
                        ip netns exec carl nft -f - <<'RULES_'
                        add table inet x
                        RULES
                        RULES_""");
    }

    @Test
    void whereNoToolHasWordsNetyardsOwnAreAComment() {
        assertThat(new PolicyCommand(firewall(null)).of(OPERATION))
                .isEqualTo("# in Netyard: fw:policy carl guard --layer network 'input udp dport 9 drop'");
    }
}
