package org.dropzonebackup.core.store.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.dropzonebackup.core.files.FileFault;
import org.dropzonebackup.core.store.StoreBusyException;
import org.dropzonebackup.core.store.StoreFullException;

/**
 * Tells by the system's words what a fault means, as Java has no types for it. The words depend on the system's language; where
 * they are not known, a fault is no more than a fault.
 */
final class SystemFaults {

    /** The process, or the system, has no more descriptors. */
    private static final String DESCRIPTORS = "Too many open files";
    /** A file system whose other end is away: a server, or a program. */
    private static final List<String> UNREACHABLE = List.of("Transport endpoint is not connected", "Stale file handle",
            "Stale NFS file handle", "Cannot send after transport endpoint shutdown", "Software caused connection abort",
            "Connection timed out", "Connection refused", "Connection reset by peer", "Host is down", "No route to host",
            "Network is unreachable", "Network is down", "No such device", "Remote I/O error");
    /** {@code link} on file systems that have no hard links, or no more of them for this file. */
    private static final List<String> WITHOUT_LINKS = List.of("Operation not permitted", "Operation not supported",
            "Function not implemented", "Too many links", "Invalid cross-device link");
    private static final List<String> REMOVED = List.of("No such file or directory", "Stale file handle", "Stale NFS file handle");
    private static final boolean ENGLISH = speaksEnglish();

    private SystemFaults() {
    }

    /**
     * Tells a full device, a lack of descriptors and a file system that is not reached from any other fault. A device that has
     * no room for another buffer counts as full, whatever was said.
     *
     * @return a {@link StoreFullException}, a {@link StoreBusyException}, or the fault itself
     */
    static IOException explained(final IOException fault, final Path directory) {
        if (fault instanceof StoreBusyException || fault instanceof StoreFullException) {
            return fault;
        }
        final String said = said(fault);
        if (said.contains(DESCRIPTORS) || isOneOf(UNREACHABLE, said)) {
            return new StoreBusyException(fault);
        }
        return FileFault.meansFull(fault) || noRoom(directory) ? new StoreFullException(fault) : fault;
    }

    /**
     * Tells a file system that makes no hard links from one that fails. Where the system does not speak English, what means
     * nothing else is taken for the former.
     *
     * @param fault of an attempt to make one
     */
    static boolean isLackOfLinks(final Exception fault, final Path directory) {
        if (fault instanceof UnsupportedOperationException) {
            return true;
        }
        if (fault instanceof NoSuchFileException || fault instanceof AccessDeniedException) {
            return false;
        }
        return ENGLISH ? isOneOf(WITHOUT_LINKS, said(fault))
                : fault instanceof IOException of && explained(of, directory) == of;
    }

    /** Tells that a file was removed, perhaps while it was open here. */
    static boolean isRemoved(final IOException fault) {
        return fault instanceof NoSuchFileException || isOneOf(REMOVED, said(fault));
    }

    private static boolean speaksEnglish() {
        try {
            Files.readAttributes(Path.of("/dev/null/below"), BasicFileAttributes.class);
            return false;
        } catch (final IOException e) {
            return said(e).equals("Not a directory");
        }
    }

    /** Without the names of files, which may say anything. */
    static String said(final Exception fault) {
        if (fault instanceof AccessDeniedException) {
            return "Permission denied";
        }
        return String.valueOf(fault instanceof FileSystemException named ? named.getReason() : fault.getMessage());
    }

    /** For the log; other programs may have given a file any name. */
    static String described(final Path file, final IOException fault) {
        return file.toString().replaceAll("\\p{Cntrl}", "?") + " cannot be read: " + said(fault);
    }

    private static boolean isOneOf(final List<String> words, final String said) {
        return words.stream().anyMatch(said::contains);
    }

    private static boolean noRoom(final Path directory) {
        try {
            final FileStore volume = Files.getFileStore(directory);
            return volume.getUsableSpace() < 1 << 16;
        } catch (final IOException unknown) {
            return false;
        }
    }
}
