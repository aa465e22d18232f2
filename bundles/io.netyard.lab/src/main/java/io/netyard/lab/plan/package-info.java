/** From one network to another by the smallest change: planned, shown, executed, undone. */
package io.netyard.lab.plan;
