/** Containers that others have made: the SPI by which a runtime's containers are recognised, and the service that finds them. */
@Export
@Version("1.0.0")
package io.netyard.api.container;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
