package io.netyard.shell.netns;

import io.netyard.api.inventory.Inventory.Look;
import java.util.Optional;

/** What to tell users of processes that could not be looked at. */
final class HiddenProcesses {

    private HiddenProcesses() {}

    static Optional<String> warning(Look look) {
        return look.hidden() == 0
                ? Optional.empty()
                : Optional.of(
                        "at least %d process%s could not be looked at, so namespaces may be missing: it takes root with CAP_SYS_PTRACE, and /proc without hidepid, to see all"
                                .formatted(look.hidden(), look.hidden() == 1 ? "" : "es"));
    }
}
