/** Proof: what a lab promises, held against what its kernel does. */
@Export
@Version("1.0.0")
package io.netyard.api.proof;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
