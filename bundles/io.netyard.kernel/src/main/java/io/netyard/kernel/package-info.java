/**
 * The way into the kernel for the bundles that talk to it: netlink transport, threads inside namespaces, processes,
 * mounts. What the messages mean is in {@code io.netyard.kernel.route} and in the bundles above.
 */
@Export
@Version("1.0.0")
package io.netyard.kernel;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
