package io.netyard.lab.file;

import io.netyard.api.InterfaceName;
import io.netyard.api.IpPrefix;
import io.netyard.api.MacAddress;
import io.netyard.api.Mtu;
import io.netyard.api.VlanId;
import io.netyard.api.bridge.VlanEntry;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a lab file says at one stage, word for word: each value is valid by itself, what they mean together is open. */
record Lab(
        Map<String, Node> nodes,
        Map<String, Switch> switches,
        Map<String, Link> links,
        Map<String, Group> groups,
        Optional<Expect> expect) {

    record Node(At<String> name, String holder, Map<InterfaceName, Interface> interfaces) {}

    /**
     * @param parent with {@code vlan}: this is a subinterface of it
     * @param mtu empty if the file gives none
     */
    record Interface(
            At<InterfaceName> name,
            List<At<IpPrefix>> addresses,
            Optional<At<Mtu>> mtu,
            Optional<MacAddress> mac,
            boolean up,
            Optional<At<InterfaceName>> parent,
            Optional<At<VlanId>> vlan) {

        static Interface plain(At<InterfaceName> name) {
            return new Interface(
                    name, List.of(), Optional.empty(), Optional.empty(), true, Optional.empty(), Optional.empty());
        }
    }

    /**
     * @param vlanFiltering empty leaves it to what else is said
     * @param self the bridge's own VLAN table; empty leaves it to what else is said
     */
    record Switch(
            At<String> name,
            At<String> node,
            At<InterfaceName> bridge,
            Optional<Boolean> vlanFiltering,
            int defaultPvid,
            boolean up,
            Optional<Mtu> mtu,
            List<At<IpPrefix>> addresses,
            Optional<List<VlanEntry>> self,
            Map<InterfaceName, Port> ports) {}

    /** @param vlans empty leaves it to the switch and the groups */
    record Port(At<InterfaceName> name, Optional<List<VlanEntry>> vlans) {}

    record Link(At<String> name, List<Endpoint> endpoints, Optional<Mtu> mtu) {}

    /**
     * @param owner a node or a switch
     * @param device empty if Netyard is to choose a name
     */
    record Endpoint(String owner, Optional<InterfaceName> device, Position position) {}

    record Group(At<String> name, Optional<At<VlanId>> vlan, List<At<String>> members) {}

    record Expect(List<At<String>> reach, List<At<String>> isolated, List<At<String>> vlans) {}
}
