/** What frames do in a network that is only wanted yet: where they come out, where they circle, what a spanning tree does to them. */
package io.netyard.lab.layer2;
