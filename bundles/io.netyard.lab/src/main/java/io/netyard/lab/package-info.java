/** The service that turns lab files into networks: what is up, what changes, what survives a restart. */
package io.netyard.lab;
