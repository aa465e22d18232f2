/** Ethernet frames and what is in them: bytes to records and back, no socket. */
@Export
@Version("1.0.0")
package io.netyard.kernel.packet;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
