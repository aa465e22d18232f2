/**
 * Benchmarks: each makes a load of its own on this kernel, measures Netyard and what it is compared with in one interleaved run, and says by its
 * status whether the goal was met. {@link io.netyard.benchmarks.Benchmarks} runs them, in a process of its own beside the appliance.
 */
package io.netyard.benchmarks;
