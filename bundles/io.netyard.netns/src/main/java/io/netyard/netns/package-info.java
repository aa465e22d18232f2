/**
 * Network namespaces: {@link io.netyard.netns.LinuxNamespaces} is the service, {@link io.netyard.netns.ProcessHolder},
 * {@link io.netyard.netns.PinHolder} and {@link io.netyard.netns.NamedHolder} keep namespaces alive. What exists is
 * always found by looking at /proc; private to this bundle.
 */
package io.netyard.netns;
