package io.netyard.container;

import io.netyard.testing.Feature;
import io.netyard.testing.LiveKernel;
import io.netyard.testing.containers.LibvirtLxcContainer;
import io.netyard.testing.containers.RealContainer;
import java.nio.file.Path;

@LiveKernel(needs = Feature.LIBVIRT_LXC)
class LibvirtLxcLiveTest extends RealContainerContract {

    @Override
    RealContainer make(Path scratch) {
        return LibvirtLxcContainer.of(scratch, "netyard-real");
    }

    @Override
    boolean isUnprivileged() {
        return false;
    }
}
