/** VLAN-aware bridges: ports, PVID and VLAN tables, forwarding database, spanning tree. */
@Export
@Version("1.0.0")
package io.netyard.api.bridge;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
