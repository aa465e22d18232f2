package io.netyard.shell.netns;

import io.netyard.api.inventory.Holding;
import io.netyard.api.inventory.HostNamespace;
import io.netyard.api.inventory.HostProcess;
import io.netyard.api.inventory.NamespaceType;
import io.netyard.api.netns.Netns;
import io.netyard.shell.console.Json;
import io.netyard.shell.inventory.Column;
import io.netyard.shell.inventory.Entry;
import java.util.Map;
import java.util.Optional;

/** Namespaces and processes as JSON: field names that scripts rely on. */
final class NamespaceFields {

    private NamespaceFields() {}

    static Map<String, Object> of(Entry entry) {
        HostNamespace namespace = entry.namespace();
        Optional<HostProcess> first = namespace.first();
        return Json.object(
                "label", label(entry),
                "name", entry.netns().flatMap(Netns::name),
                "lab", entry.netns().flatMap(Netns::lab),
                "origin", Column.ORIGIN.cell(entry),
                "holder", entry.netns().flatMap(Netns::holder),
                "type", entry.id().type().word(),
                "inode", entry.id().inode(),
                "path", Column.PATH.cell(entry),
                "pid", first.map(HostProcess::pid),
                "ppid", first.map(HostProcess::parent),
                "user", first.map(HostProcess::user),
                "uid", first.map(HostProcess::uid),
                "processes", namespace.pids().size(),
                "pids", namespace.pids(),
                "hostname", namespace.hostname(),
                "command", first.map(HostProcess::command).orElse(""),
                "heldBy", namespace.holdings().stream().map(NamespaceFields::of).toList(),
                "owner", namespace.owner(),
                "parent", namespace.parent(),
                "userNamespace", namespace.userNamespace(),
                "sharesUser", entry.sharesUser(),
                "container", namespace.container(),
                "privileged", entry.isPrivileged(),
                "labels", namespace.labels());
    }

    static Map<String, Object> of(HostProcess process) {
        return Json.object(
                "pid", process.pid(),
                "ppid", process.parent(),
                "user", process.user(),
                "uid", process.uid(),
                "startTime", process.startTime(),
                "command", process.command());
    }

    private static Map<String, Object> of(Holding holding) {
        return Json.object("kind", Column.word(holding.kind()), "pid", holding.pid(), "path", holding.path());
    }

    /** A name that commands understand. */
    static String label(Entry entry) {
        if (entry.id().type() != NamespaceType.NET) {
            return entry.id().toString();
        }
        return entry.isHost()
                ? "host"
                : entry.netns().map(Netns::label).orElseGet(() -> entry.id().toString());
    }
}
