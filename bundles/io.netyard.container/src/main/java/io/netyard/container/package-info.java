/** The container runtimes that Netyard knows: one component each. Private; what they do is told by {@link io.netyard.api.container}. */
package io.netyard.container;
