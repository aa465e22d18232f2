/** Real containers of real runtimes, for live tests: made, started, stopped, removed with all their traces. */
package io.netyard.testing.containers;
