/**
 * What the backends that drive xtables tools have in common: from a policy's rules to chains of single matches, and back from what is in
 * the kernel. Not a bundle: each of them carries a private copy, so that no backend depends on another.
 */
package io.netyard.firewall.chains;
