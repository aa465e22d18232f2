/** Every namespace of this host: one pass over /proc and the mounts, then what there is to say about each that was found. */
package io.netyard.netns.inventory;
