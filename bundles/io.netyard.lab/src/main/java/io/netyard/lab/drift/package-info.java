/** What somebody else has changed in a lab: how it is told, noticed, and taken over into the lab file. */
package io.netyard.lab.drift;
