package io.netyard.api.link;

import io.netyard.api.InterfaceName;
import io.netyard.api.MacAddress;
import io.netyard.api.NetnsRef;
import java.util.Optional;

/**
 * One end of a veth pair to be made.
 *
 * @param mac empty lets the kernel choose
 */
public record LinkEnd(NetnsRef netns, InterfaceName name, Optional<MacAddress> mac) {}
