/** Values, errors and the reference to a network namespace that all services share. */
@Export
@Version("1.0.0")
package io.netyard.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
