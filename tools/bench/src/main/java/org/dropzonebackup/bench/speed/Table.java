package org.dropzonebackup.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.dropzonebackup.bench.speed.ServerEntrant.Work;
import org.dropzonebackup.core.units.ByteSize;

/** All rows, and what each must reach. */
final class Table {

    private static final String OURS = "ours";
    private static final String FORM = "ours, form";
    private static final String LOOP = "C loop";
    private static final int CONNECTIONS = 16;
    private static final long SMALL_BYTES = 4 << 10;
    private static final double MOST_CPU = 1.5;
    /** Of 20,000 requests each: Java's compiler is done with what they need after the third. */
    private static final int WARM_UPS = 4;
    /** It goes on with large files until about so much has come. */
    private static final long WARM_UP_BYTES = 8L << 30;
    private static final int LARGE_WARM_UPS = 8;

    private final Extent extent;
    private final Programs programs;
    private final Ours ours;
    private final Jetty jetty;
    private final Path directory;
    private final AtomicInteger directories = new AtomicInteger();

    /**
     * How much is done.
     *
     * @param sizes of the large files
     * @param longest of the file that shows that memory does not grow
     * @param files how many small ones
     * @param crowd of slow clients
     * @param without names of those who do not take part
     */
    record Extent(List<ByteSize> sizes, ByteSize longest, long files, SlowClients.Crowd crowd, Set<String> without) {
    }

    /**
     * @param directory for all that is written; on the device that is to be measured
     */
    Table(final Extent extent, final Programs programs, final Ours ours, final Jetty jetty, final Path directory) {
        this.extent = extent;
        this.programs = programs;
        this.ours = ours;
        this.jetty = jetty;
        this.directory = directory;
    }

    List<Row> rows() {
        final List<Row> rows = new ArrayList<>();
        extent.sizes().forEach(size -> rows.add(raw(size)));
        extent.sizes().forEach(size -> rows.add(rawSynced(size)));
        extent.sizes().forEach(size -> rows.add(form(size)));
        rows.addAll(List.of(memory(), small(), smallSynced(), slow(), start()));
        return rows;
    }

    private Row raw(final ByteSize size) {
        final List<Contender> all = new ArrayList<>(List.of(ours.contender(false), Peers.loop(programs, false)));
        Peers.digestingLoop(programs).ifPresent(all::add);
        all.addAll(Peers.all());
        final List<Demand> demands = new ArrayList<>(List.of(
                Demand.atLeast(2.0, Measure.MEGABYTES, OURS, "nginx"),
                Demand.atLeast(0.7, Measure.MEGABYTES, OURS, "nginx, 1 MiB"),
                Demand.atMost(MOST_CPU, Measure.CPU, OURS)));
        for (final String peer : List.of("Apache httpd", "lighttpd", "rclone", "@tus/server")) {
            demands.add(Demand.atLeast(1.0, Measure.MEGABYTES, OURS, peer));
        }
        return new Row("raw-" + named(size), named(size) + " in one PUT, nothing synced", warmUps(size), servers(one(size), all), demands);
    }

    private static int warmUps(final ByteSize size) {
        return (int) Math.max(1, Math.min(LARGE_WARM_UPS, WARM_UP_BYTES / size.bytes()));
    }

    private Row rawSynced(final ByteSize size) {
        return new Row("raw-synced-" + named(size), named(size) + " in one PUT, synced", warmUps(size),
                servers(one(size), List.of(ours.contender(true), Peers.loop(programs, true))),
                List.of(Demand.atLeast(0.9, Measure.MEGABYTES, OURS, LOOP)));
    }

    private Row form(final ByteSize size) {
        final Contender raw = ours.contender(false);
        return new Row("form-" + named(size), named(size) + " in one form, nothing synced", warmUps(size),
                servers(one(size), List.of(raw.sent(FORM, Ours.form()), raw)),
                List.of(Demand.atLeast(0.9, Measure.MEGABYTES, FORM, OURS), Demand.atMost(MOST_CPU, Measure.CPU, FORM)));
    }

    private Row memory() {
        final Contender raw = ours.contender(true, "-Xmx64m");
        return new Row("memory", named(extent.longest()) + " in one PUT and in one form, synced, with -Xmx64m", 0,
                servers(one(extent.longest()), List.of(raw, raw.sent(FORM, Ours.form()))), List.of());
    }

    private Row small() {
        return new Row("small", extent.files() + " files of 4 KiB over 16 connections, nothing synced, ours with a password",
                WARM_UPS, servers(many(), List.of(ours.contender(false), Peers.nginx(false), Peers.loop(programs, false))),
                List.of(Demand.atLeast(0.8, Measure.FILES, OURS, "nginx")));
    }

    private Row smallSynced() {
        return new Row("small-synced", extent.files() + " files of 4 KiB over 16 connections, synced, ours with a password",
                WARM_UPS, entrants -> {
                    servers(many(), List.of(ours.contender(true), Peers.loop(programs, true))).open(entrants);
                    entrants.add(FilesEntrant.contents(next(), programs, many()));
                    entrants.add(FilesEntrant.names(next(), programs, many()));
                }, List.of(Demand.atLeast(0.8, Measure.FILES, OURS, "C files")));
    }

    private Row slow() {
        final List<Demand> demands = new ArrayList<>();
        for (final String container : List.of(OURS, Jetty.NAME)) {
            demands.addAll(List.of(Demand.atLeast(extent.crowd().clients(), Measure.ARRIVED, container),
                    Demand.atMost(100, Measure.MILLIS, container), Demand.atMost(250, Measure.THREADS, container),
                    Demand.atMost(600, Measure.PEAK, container)));
        }
        return new Row("slow", extent.crowd().clients() + " clients at 64 KiB/s each for " + extent.crowd().seconds()
                + " s, nothing synced", 1, entrants -> {
                    final List<Contender> all = new ArrayList<>(List.of(ours.contender(false, "-Xmx320m")));
                    if (jetty.isThere()) {
                        all.add(jetty.contender());
                    }
                    for (final Contender contender : takingPart(all)) {
                        entrants.add(new SlowClients(contender, next(), programs, extent.crowd()));
                    }
                }, demands);
    }

    private Row start() {
        return new Row("start", "server jar, from its start to the first file that it accepts", 1, entrants -> {
            final Path without = next();
            entrants.add(new StartUp(OURS, ours.jar(), next()));
            entrants.add(new StartUp("without Faces", WithoutFaces.make(ours.jar(), without.resolve("server.jar")), without));
        }, List.of(Demand.atMost(1.6, Measure.SECONDS, OURS, "without Faces")));
    }

    private Row.Opening servers(final Work work, final List<Contender> contenders) {
        return entrants -> {
            for (final Contender contender : takingPart(contenders)) {
                entrants.add(new ServerEntrant(contender, next(), programs, work));
            }
        };
    }

    private List<Contender> takingPart(final List<Contender> contenders) {
        return contenders.stream()
                .filter(contender -> contender.isThere() && !extent.without().contains(contender.name())).toList();
    }

    private Path next() throws IOException {
        return Files.createDirectories(directory.resolve(Integer.toString(directories.incrementAndGet())));
    }

    private static Work one(final ByteSize size) {
        return new Work(1, size.bytes(), 1);
    }

    private Work many() {
        return new Work(extent.files(), SMALL_BYTES, CONNECTIONS);
    }

    /** In the units that were asked for, and not in those of disks. */
    private static String named(final ByteSize size) {
        final long mebibytes = size.bytes() >> 20;
        return mebibytes % 1024 == 0 ? mebibytes / 1024 + "GiB" : mebibytes + "MiB";
    }
}
