package io.netyard.container;

import io.netyard.testing.Feature;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.containers.PodmanContainer;
import io.netyard.testing.containers.RealContainer;
import java.nio.file.Path;

@LiveKernel(needs = Feature.PODMAN)
class PodmanLiveTest extends RealContainerContract {

    @Override
    RealContainer make(Path scratch) {
        return PodmanContainer.of(scratch, "netyard-real");
    }

    @Override
    boolean isUnprivileged() {
        return false;
    }
}
