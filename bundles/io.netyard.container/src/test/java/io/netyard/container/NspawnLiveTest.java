package io.netyard.container;

import io.netyard.testing.Feature;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.containers.NspawnContainer;
import io.netyard.testing.containers.RealContainer;
import java.nio.file.Path;

@LiveKernel(needs = Feature.NSPAWN)
class NspawnLiveTest extends RealContainerContract {

    @Override
    RealContainer make(Path scratch) {
        return NspawnContainer.of(scratch, "netyard-real");
    }

    @Override
    boolean isUnprivileged() {
        return false;
    }
}
