package io.netyard.lab.network;

import io.netyard.api.firewall.Policy;
import java.util.Optional;

/**
 * A policy as a lab uses it.
 *
 * @param pin the backend that is to enforce it; empty leaves the choice to the firewall
 */
public record PolicyUse(Policy policy, Optional<String> pin) {}
