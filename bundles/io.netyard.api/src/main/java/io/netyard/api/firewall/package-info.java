/** Firewalls and NAT: what is wanted, in no tool's words, and the backends that make it so. */
@Export
@Version("1.0.0")
package io.netyard.api.firewall;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
