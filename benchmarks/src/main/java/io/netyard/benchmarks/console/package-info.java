/** What benchmarks need inside the appliance: a command that runs another one and says how long it took. */
package io.netyard.benchmarks.console;
