/** Network namespaces: the service, and the SPI by which something else can hold one open. */
@Export
@Version("1.0.0")
package io.netyard.api.netns;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
