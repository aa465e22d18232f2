/** Support for tests that need a live kernel. */
package io.netyard.testing;
