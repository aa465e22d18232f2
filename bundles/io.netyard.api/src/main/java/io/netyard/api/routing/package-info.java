/** Routes, neighbours and network sysctls of a namespace. */
@Export
@Version("1.0.0")
package io.netyard.api.routing;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
