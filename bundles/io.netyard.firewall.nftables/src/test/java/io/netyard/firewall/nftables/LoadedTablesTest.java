package io.netyard.firewall.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.netyard.api.firewall.FirewallBackend.Loaded;
import io.netyard.api.firewall.FirewallBackend.RuleCount;
import io.netyard.api.firewall.Layer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Listings as nft 1.0.6 has printed them on Linux 6.18. */
class LoadedTablesTest {

    private static final String LISTING =
            """
            table bridge netyard-guard {
            	comment "netyard link 0123456789ab 4 3"
            	chain ingress {
            		type filter hook prerouting priority dstnat; policy accept;
            		iifname "a" ether type { 8021q, 8021ad } counter packets 7 bytes 420 drop comment "1"
            	}

            	chain forward {
            		type filter hook forward priority filter; policy accept;
            		meta protocol ip counter packets 2 bytes 168 accept comment "3"
            		counter packets 0 bytes 0 drop comment "otherwise"
            	}
            }
            table bridge mine {
            	chain forward {
            		type filter hook forward priority filter; policy drop;
            		ip saddr 10.0.0.1 accept comment "1"
            	}
            }
            """;

    @Test
    void aWholeTableIsReadWithItsCounts() {
        assertThat(LoadedTables.parse(LISTING))
                .containsExactly(new Loaded(
                        "guard",
                        Layer.LINK,
                        "0123456789ab",
                        List.of(
                                new RuleCount(7, 420),
                                new RuleCount(0, 0),
                                new RuleCount(2, 168),
                                new RuleCount(0, 0))));
    }

    @Test
    void whateverIsNotAsItWasLoadedIsSeen() {
        String rule = "\t\tmeta protocol ip counter packets 2 bytes 168 accept comment \"3\"\n";
        for (String other : List.of(
                LISTING.replace(rule, ""),
                LISTING.replace(rule, rule + rule),
                LISTING.replace(rule, rule + "\t\tdrop\n"),
                LISTING.replace(rule, "\t\tmeta protocol ip accept comment \"3\"\n"),
                LISTING.replace("priority filter; policy accept", "priority filter; policy drop"),
                LISTING.replace("\tcomment \"netyard", "\tflags dormant\n\tcomment \"netyard"),
                LISTING.replace("0123456789ab", "0123"))) {
            assertThat(LoadedTables.parse(other)).as(other).singleElement().satisfies(loaded -> assertThat(
                            loaded.fingerprint())
                    .isEqualTo("changed"));
        }
    }

    @Test
    void aForeignTableIsNoneOfOurs() {
        assertThat(LoadedTables.parse("table inet filter {\n\tchain c {\n\t}\n}\n"))
                .isEmpty();
    }
}
