package io.netyard.lab.plan;

import static java.util.stream.Collectors.toMap;

import io.netyard.api.NetnsRef;
import io.netyard.api.RequestException;
import io.netyard.api.netns.ForeignNamespace;
import io.netyard.api.netns.ForeignNamespaces;
import io.netyard.api.netns.ForeignNamespaces.Attachment;
import io.netyard.lab.network.Network;
import io.netyard.lab.network.Node;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The nodes of a lab whose namespaces others have made: which of them are there. */
final class AttachedNodes {

    private final ForeignNamespaces foreign;

    AttachedNodes(ForeignNamespaces foreign) {
        this.foreign = foreign;
    }

    /** Those that are not there, each with the reason. */
    Map<String, String> missing(String lab, Network network) {
        Map<String, Attachment> known = known(lab);
        Map<String, String> missing = new LinkedHashMap<>();
        for (Node node : network.nodes().values()) {
            node.attached()
                    .flatMap(what -> objection(what, Optional.ofNullable(known.get(node.name()))))
                    .ifPresent(why -> missing.put(node.name(), why));
        }
        return missing;
    }

    private Optional<String> objection(ForeignNamespace what, Optional<Attachment> known) {
        Optional<Attachment> same = known.filter(attachment -> attachment.what().equals(what));
        if (same.flatMap(Attachment::netns).isPresent()) {
            return Optional.empty();
        }
        if (same.isPresent() && !what.comesBack()) {
            return Optional.of("%s has ended, and whoever has that pid next is somebody else".formatted(what));
        }
        try {
            foreign.find(what);
            return Optional.empty();
        } catch (RequestException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** @throws RequestException if one is not there, or two are the same namespace */
    void require(String lab, Network wanted) {
        missing(lab, wanted).forEach((node, why) -> {
            throw new RequestException("node %s cannot be attached: %s".formatted(node, why));
        });
        Map<Long, String> byInode = new HashMap<>();
        Map<String, Attachment> known = known(lab);
        for (Node node : wanted.nodes().values()) {
            node.attached().ifPresent(what -> {
                NetnsRef netns = Optional.ofNullable(known.get(node.name()))
                        .filter(attachment -> attachment.what().equals(what))
                        .flatMap(Attachment::netns)
                        .orElseGet(() -> foreign.find(what));
                String before = byInode.putIfAbsent(netns.inode(), node.name());
                if (before != null) {
                    throw new RequestException("nodes %s and %s are one and the same namespace, %s: make them one node"
                            .formatted(before, node.name(), netns));
                }
            });
        }
    }

    /** Forgets what the lab has attached and does not want any more: what has ended is not there to be detached. */
    void forgetOthers(String lab, Network wanted) {
        for (Attachment attachment : foreign.attachments(lab)) {
            boolean kept = Optional.ofNullable(wanted.nodes().get(attachment.node()))
                    .flatMap(Node::attached)
                    .isPresent();
            if (!kept) {
                foreign.detach(lab, attachment.node());
            }
        }
    }

    private Map<String, Attachment> known(String lab) {
        return foreign.attachments(lab).stream().collect(toMap(Attachment::node, attachment -> attachment));
    }
}
