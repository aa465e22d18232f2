/** What an ill-meaning node can do with raw frames, and what becomes of it: for tests of guards. */
package io.netyard.testing.attack;
