package org.dropzonebackup.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.dropzonebackup.core.Prerequisite;

/** A file system that is there for one test. Skips the test where mounting is not allowed. */
final class Mount implements AutoCloseable {

    private final Path point;
    private final String loop;
    private boolean over;

    private Mount(final Path point, final String loop) {
        this.point = point;
        this.loop = loop;
    }

    /** In memory. */
    static Mount tmpfs(final Path point, final String options) throws IOException, InterruptedException {
        run("mount", "-t", "tmpfs", "-o", options, "tmpfs", point.toString());
        return new Mount(point, "");
    }

    /**
     * Without hard links and symbolic links, and the same whether letters are great or small.
     *
     * @param image where its bytes are
     */
    static Mount exfat(final Path point, final Path image) throws IOException, InterruptedException {
        Prerequisite.programs("mkfs.exfat", "mount.exfat-fuse", "losetup");
        run("truncate", "-s", "16M", image.toString());
        run("mkfs.exfat", image.toString());
        final String loop = run("losetup", "--find", "--show", image.toString());
        try {
            run("mount.exfat-fuse", loop, point.toString());
        } catch (final RuntimeException | AssertionError e) {
            run("losetup", "-d", loop);
            throw e;
        }
        return new Mount(point, loop);
    }

    /** A second place for a directory. */
    static Mount bind(final Path point, final Path source) throws IOException, InterruptedException {
        run("mount", "--bind", source.toString(), point.toString());
        return new Mount(point, "");
    }

    /**
     * A second way to a directory, with a memory of its own of what lies there: what comes by another way is seen late. Locks
     * hold on all ways.
     *
     * @param options what is remembered, and for how long
     */
    static Mount bindfs(final Path point, final Path source, final String options) throws IOException, InterruptedException {
        Prerequisite.programs("bindfs");
        run("bindfs", "--enable-lock-forwarding", "--multithreaded", "-o", options, source.toString(), point.toString());
        return new Mount(point, "");
    }

    void remount(final String how) throws IOException, InterruptedException {
        run("mount", "-o", "remount," + how, point.toString());
    }

    /** Ends the program that serves it, as if it had crashed: the mount stays. */
    void crash() {
        ProcessHandle.allProcesses().filter(process -> process.info().commandLine().orElse("").endsWith(" " + point))
                .forEach(process -> {
                    process.destroyForcibly();
                    process.onExit().join();
                });
    }

    /** Takes it away though a server has files in it open, as when a device is pulled out. */
    void lose() throws IOException {
        unmount("--lazy");
    }

    /** Nothing happens the second time. */
    @Override
    public void close() throws IOException {
        unmount("--verbose");
    }

    private void unmount(final String how) throws IOException {
        if (over) {
            return;
        }
        over = true;
        try {
            run("umount", how, point.toString());
            if (!loop.isEmpty()) {
                run("losetup", "-d", loop);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return what it said */
    private static String run(final String... command) throws IOException, InterruptedException {
        Prerequisite.programs(command[0]);
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        Prerequisite.that(process.waitFor() == 0, Prerequisite.MOUNTING, said);
        return said;
    }
}
