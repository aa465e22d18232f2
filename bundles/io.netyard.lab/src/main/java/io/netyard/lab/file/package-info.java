/** Lab files: read, merged stage by stage, checked, and compiled to the network that they mean. */
package io.netyard.lab.file;
