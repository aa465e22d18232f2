package io.netyard.api.bridge;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import io.netyard.api.VlanId;
import java.util.Optional;

/**
 * One line of a bridge's forwarding database.
 *
 * @param port where frames to {@code mac} leave; the bridge itself for its own addresses
 * @param vlan empty when the entry holds without VLAN filtering
 * @param learned true if it was learned from a frame and will age; false for permanent ones
 */
public record FdbEntry(MacAddress mac, InterfaceName port, Optional<VlanId> vlan, boolean learned) {}
