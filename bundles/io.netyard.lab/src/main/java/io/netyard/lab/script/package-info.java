/** A network as a shell script that builds it without Netyard. */
package io.netyard.lab.script;
