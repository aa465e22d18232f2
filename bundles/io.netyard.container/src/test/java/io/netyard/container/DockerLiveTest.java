package io.netyard.container;

import io.netyard.testing.Feature;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.containers.DockerContainer;
import io.netyard.testing.containers.RealContainer;
import java.nio.file.Path;

@LiveKernel(needs = Feature.DOCKER)
class DockerLiveTest extends RealContainerContract {

    @Override
    RealContainer make(Path scratch) {
        return DockerContainer.of(scratch, "netyard-real");
    }

    @Override
    boolean isUnprivileged() {
        return false;
    }
}
