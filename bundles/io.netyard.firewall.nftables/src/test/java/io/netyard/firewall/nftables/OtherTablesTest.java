package io.netyard.firewall.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OtherTablesTest {

    @Test
    void rulesOfOthersAreCountedByTable() {
        String listing =
                """
                table inet filter {
                	set ports {
                		type inet_service
                		elements = { 22, 80 }
                	}

                	chain input {
                		type filter hook input priority filter; policy accept;
                		iifname "lo" accept
                		tcp dport @ports accept
                	}

                	chain empty {
                	}
                }
                table inet netyard-filter {
                	chain forward {
                		type filter hook forward priority filter; policy accept;
                		counter packets 0 bytes 0 drop comment "1"
                	}
                }
                table ip nat {
                	chain netyard-nat-o00 {
                		counter packets 0 bytes 0 return
                	}

                	chain POSTROUTING {
                		type nat hook postrouting priority srcnat; policy accept;
                		counter packets 0 bytes 0 jump netyard-nat-o00
                		oifname "eth0" masquerade
                	}
                }
                table ip raw {
                	chain PREROUTING {
                		type filter hook prerouting priority raw; policy accept;
                	}
                }
                """;
        assertThat(OtherTables.of(listing)).containsExactly("2 rules of table inet filter", "1 rule of table ip nat");
        assertThat(OtherTables.of("")).isEmpty();
    }
}
