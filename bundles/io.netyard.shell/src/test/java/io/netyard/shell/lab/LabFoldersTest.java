package io.netyard.shell.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabFoldersTest {

    @TempDir
    Path folder;

    private Path working;
    private Path shipped;
    private LabFolders folders;

    @BeforeEach
    void twoFolders() throws IOException {
        working = Files.createDirectory(folder.resolve("working"));
        shipped = Files.createDirectory(folder.resolve("labs"));
        folders = new LabFolders(working, List.of(folder.resolve("missing"), shipped));
        Files.createFile(shipped.resolve("exp01.yaml"));
    }

    @Test
    void aBareNameIsLookedForAmongTheShippedLabs() {
        assertThat(folders.find("exp01")).isEqualTo(shipped.resolve("exp01.yaml"));
        assertThat(folders.find("exp01.yaml")).isEqualTo(shipped.resolve("exp01.yaml"));
    }

    @Test
    void theCallersOwnFileComesFirst() throws IOException {
        Path own = Files.createFile(working.resolve("exp01.yaml"));
        assertThat(folders.find("exp01.yaml")).isEqualTo(own);
        assertThat(folders.find("exp01")).isEqualTo(own);
    }

    @Test
    void aPathIsNotLookedForElsewhere() {
        assertThat(folders.find("./exp01.yaml")).isEqualTo(working.resolve("exp01.yaml"));
        assertThat(folders.find("/tmp/../x.yaml")).isEqualTo(Path.of("/x.yaml"));
    }

    @Test
    void thePathThatAShippedLabHasInTheRepositoryWorksEverywhere() throws IOException {
        assertThat(folders.find("etc/labs/exp01.yaml")).isEqualTo(shipped.resolve("exp01.yaml"));
        assertThat(folders.find("etc/labs/nothing.yaml")).isEqualTo(working.resolve("etc/labs/nothing.yaml"));
        Path own = Files.createFile(
                Files.createDirectories(working.resolve("etc/labs")).resolve("exp01.yaml"));
        assertThat(folders.find("etc/labs/exp01.yaml")).isEqualTo(own);
    }

    @Test
    void whatIsNowhereIsNamedInTheCallersFolder() {
        assertThat(folders.find("nothing")).isEqualTo(working.resolve("nothing"));
    }

    @Test
    void namesAreWhatCanBeFound() throws IOException {
        Files.createFile(working.resolve("mine.yml"));
        Files.createFile(working.resolve("notes.txt"));
        assertThat(folders.names()).containsExactly("exp01", "mine");
    }

    @Test
    void pathsAreLabFilesAndDirectories() throws IOException {
        Path labs = Files.createDirectories(working.resolve("labs/old")).getParent();
        Files.createFile(labs.resolve("mine.yaml"));
        Files.createFile(labs.resolve("notes.txt"));
        assertThat(folders.paths("labs/m")).containsExactly("labs/mine.yaml", "labs/old/");
        assertThat(folders.paths(labs + "/")).containsExactly(labs + "/mine.yaml", labs + "/old/");
        assertThat(folders.paths("nowhere/")).isEmpty();
    }
}
