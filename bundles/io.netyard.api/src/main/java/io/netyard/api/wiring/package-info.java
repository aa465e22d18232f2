/** The wiring of the whole host: which interface of which network namespace leads to which other one, whoever made them. */
@Export
@Version("1.0.0")
package io.netyard.api.wiring;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
