/** Selects, sorts and arranges namespaces for the commands that list them: records in, records out, without looking at the host. */
package io.netyard.shell.inventory;
