package io.netyard.lab.drift;

import io.netyard.api.LabFileException;
import io.netyard.api.RequestException;
import io.netyard.api.lab.Acceptance;
import io.netyard.lab.file.LabFile;
import io.netyard.lab.network.Network;
import io.netyard.lab.plan.Changes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Lab files that are made to say what is there. */
public final class Acceptances {

    private final Changes changes;

    public Acceptances(Changes changes) {
        this.changes = changes;
    }

    /**
     * What the file of a lab has to say; writes nothing. What is proposed has been read as a lab file, and describes the lab as it is.
     *
     * @param stage the one that the lab is in
     * @throws RequestException if there is something that cannot be said, or the file on the disk is another one by now
     */
    public Acceptance propose(LabFile file, Optional<String> stage) {
        String lab = file.name();
        FileReplacement.requireUnchanged(file.file(), file.text());
        Network meant = file.at(stage).network();
        List<Drift> drifts = Differences.drifts(changes.standing(lab, meant)).stream()
                .filter(drift -> !(drift instanceof Drift.NotThere))
                .toList();
        Takeover.Written written = Takeover.of(file, stage, meant, drifts);
        if (!written.refused().isEmpty()) {
            throw refused(file, written.refused());
        }
        requireTrue(file, stage, written.text());
        return new Acceptance(
                lab,
                file.file(),
                file.text(),
                written.text(),
                drifts.stream().map(Drift::told).toList());
    }

    private void requireTrue(LabFile file, Optional<String> stage, String text) {
        Network described;
        try {
            described = LabFile.parse(text, file.file()).at(stage).network();
        } catch (LabFileException e) {
            throw refused(file, Map.of("with what differs it would not be a lab file", Takeover.problem(e)));
        }
        List<Drift> left = Differences.drifts(changes.standing(file.name(), described)).stream()
                .filter(drift -> !(drift instanceof Drift.NotThere))
                .toList();
        if (!left.isEmpty()) {
            throw refused(
                    file,
                    left.stream()
                            .collect(Collectors.toMap(
                                    drift -> drift.told().sentence(),
                                    drift -> "it would still differ from what the file says",
                                    (a, b) -> a)));
        }
    }

    private static RequestException refused(LabFile file, Map<String, String> reasons) {
        return new RequestException("lab %s cannot be taken over, %s stays as it is:\n%s"
                .formatted(
                        file.name(),
                        file.file(),
                        reasons.entrySet().stream()
                                .map(each -> "  %s (%s)".formatted(each.getKey(), each.getValue()))
                                .collect(Collectors.joining("\n"))));
    }

    /** Writes what was proposed. */
    public void write(Acceptance proposed) {
        FileReplacement.requireUnchanged(proposed.file(), proposed.before());
        if (!proposed.after().equals(proposed.before())) {
            FileReplacement.replace(proposed.file(), proposed.after());
        }
    }
}
