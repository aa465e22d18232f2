package io.netyard.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netyard.api.KernelException;
import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsRoot
class MountsLiveTest {

    @TempDir
    Path directory;

    @Test
    void aNamespaceOutlivesItsThreadWhileItIsPinned() throws Exception {
        Path pin = Files.createFile(directory.resolve("net"));
        NetnsRef pinned = NamespaceThread.callInNew("pinned", () -> {
            NetnsRef here = NamespaceThread.current();
            Mounts.bind(here.net(), pin);
            return new NetnsRef(here.inode(), pin, Optional.empty());
        });
        try {
            assertThat(NamespaceThread.inode(pin)).isEqualTo(pinned.inode());
            assertThat(NamespaceThread.call(
                            pinned, () -> NamespaceThread.current().inode()))
                    .isEqualTo(pinned.inode());
        } finally {
            Mounts.unmount(pin);
        }
        assertThatThrownBy(() -> NamespaceThread.call(pinned, () -> null)).isInstanceOf(RequestException.class);
    }

    @Test
    void whatIsNotMountedCannotBeUnmounted() {
        assertThatThrownBy(() -> Mounts.unmount(directory)).isInstanceOf(KernelException.class);
    }
}
