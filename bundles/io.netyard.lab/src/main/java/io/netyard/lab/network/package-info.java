/** A lab's network as records: what its file wants and what the kernel has, in the same words. */
package io.netyard.lab.network;
