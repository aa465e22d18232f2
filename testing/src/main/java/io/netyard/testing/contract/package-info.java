/** What every firewall backend must do, asked with real traffic; bound to no test framework. */
package io.netyard.testing.contract;
