/** Edits of YAML text that leave comments and layout as they are. */
package io.netyard.lab.edit;
