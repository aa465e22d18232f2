/** What is there, made by whomever, as a lab file. */
package io.netyard.lab.importing;
