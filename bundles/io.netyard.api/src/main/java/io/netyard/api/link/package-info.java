/** Network interfaces: veth pairs, VLAN subinterfaces, macvlan, tap, cards of the host, addresses, MTU, up and down. */
@Export
@Version("1.0.0")
package io.netyard.api.link;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
