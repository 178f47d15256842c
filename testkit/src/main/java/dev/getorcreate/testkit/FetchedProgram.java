package dev.getorcreate.testkit;

import java.nio.file.Files;
import java.nio.file.Path;

/** Servers' programs that no jar carries: in a folder that is named, each in a folder of its own name. */
final class FetchedProgram {

    static final String FOLDER_VARIABLE = "GETORCREATE_SERVERS";
    static final String FOLDER_PROPERTY = "servers.folder";

    private FetchedProgram() {}

    /**
     * Where a program is.
     *
     * @throws Servers.Unavailable if it is not there
     */
    static Path find(String name, String program) {
        String named = System.getenv(FOLDER_VARIABLE);
        String folder = named == null || named.isBlank() ? System.getProperty(FOLDER_PROPERTY) : named;
        if (folder == null) {
            throw new Servers.Unavailable("no folder is named for '" + name + "'. Name it in " + FOLDER_VARIABLE
                    + ", with the program as <folder>/" + name + "/" + program);
        }
        Path path = Path.of(folder, name, program).toAbsolutePath();
        if (!Files.isExecutable(path)) {
            throw new Servers.Unavailable("no program " + path + ". In this project .ci/servers fetches it");
        }
        return path;
    }
}
