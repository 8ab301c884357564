package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.json.JSONObject;

/** A program that writes as many files by itself as others are sent; see {@code files.c}. */
final class FilesEntrant implements Entrant {

    private final String name;
    private final String synced;
    private final Box box;
    private final Programs programs;
    private final ServerEntrant.Work work;

    private FilesEntrant(final String name, final String synced, final Path directory, final Programs programs,
            final ServerEntrant.Work work) throws IOException {
        this.name = name;
        this.synced = synced;
        this.box = Box.in(directory);
        this.programs = programs;
        this.work = work;
    }

    /** One that syncs each content. */
    static FilesEntrant contents(final Path directory, final Programs programs, final ServerEntrant.Work work) throws IOException {
        return new FilesEntrant("C files", "sync", directory, programs, work);
    }

    /** One that syncs each name too, as whoever answers has to. */
    static FilesEntrant names(final Path directory, final Programs programs, final ServerEntrant.Work work) throws IOException {
        return new FilesEntrant("C files, names", "names", directory, programs, work);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Map<Measure, Double> run() throws IOException {
        Programs.run(box.path(), "sync");
        final JSONObject said = new JSONObject(Programs.run(box.path(), programs.path("files"), box.path().toString(),
                Long.toString(work.files()), Long.toString(work.bytes()), Integer.toString(work.connections()), synced));
        box.take(work.files(), work.bytes());
        return Map.of(Measure.FILES, work.files() / said.getDouble("seconds"));
    }
}
