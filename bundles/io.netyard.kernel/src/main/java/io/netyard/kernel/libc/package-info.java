/** The native binding, sealed inside this bundle: public for JNR's generated class, exported to nobody. */
package io.netyard.kernel.libc;
