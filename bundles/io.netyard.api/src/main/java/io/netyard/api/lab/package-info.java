/** Labs: networks described by a file, planned, applied, moved from stage to stage and destroyed. */
@Export
@Version("1.0.0")
package io.netyard.api.lab;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
