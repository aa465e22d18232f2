/** Every namespace of this host, whoever made it: of all eight types, with what keeps each alive and which processes are in it. */
@Export
@Version("1.0.0")
package io.netyard.api.inventory;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
