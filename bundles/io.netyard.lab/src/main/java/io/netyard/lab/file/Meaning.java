package io.netyard.lab.file;

import io.netyard.api.lab.RunningLab;
import io.netyard.lab.network.Network;

/**
 * What a lab file means at one of its stages.
 *
 * @param network what must exist, all of it
 * @param description the same for people and for proof; its nodes without namespaces
 * @param allowLoops whether it is to be built although a broadcast would circle in it
 */
public record Meaning(Network network, RunningLab description, boolean allowLoops) {}
