/**
 * Requests and replies of rtnetlink(7): links, addresses, neighbours, bridge VLANs, namespace ids, routes. Bytes to records and back, without a
 * socket. Attributes that nobody asks for are ignored, never fatal. Numbers are those of linux/rtnetlink.h, linux/if_link.h and their
 * neighbours, kept beside their use. Everything here is immutable and safe for use from several threads.
 */
@Export
@Version("1.0.0")
package io.netyard.kernel.route;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
