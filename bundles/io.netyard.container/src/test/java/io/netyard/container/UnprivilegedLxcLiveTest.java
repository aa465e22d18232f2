package io.netyard.container;

import io.netyard.testing.Feature;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.containers.LxcContainer;
import io.netyard.testing.containers.RealContainer;
import java.nio.file.Path;

@LiveKernel(needs = Feature.UNPRIVILEGED_LXC)
class UnprivilegedLxcLiveTest extends RealContainerContract {

    @Override
    RealContainer make(Path scratch) {
        return LxcContainer.unprivileged(scratch, "netyard-real");
    }

    @Override
    boolean isUnprivileged() {
        return true;
    }
}
