package org.dropzonebackup.core.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Describes I/O errors in words for administrators, where Java's messages consist of a path or a class name. */
public final class FileFault {

    private static final List<String> FULL = List.of("No space left on device", "Disk quota exceeded");

    private FileFault() {
    }

    /** Whether the system says that the device, or a quota of its, is exhausted. Java has no type for that. */
    public static boolean meansFull(final Throwable fault) {
        final String said = String.valueOf(fault instanceof FileSystemException named ? named.getReason() : fault.getMessage());
        return FULL.stream().anyMatch(said::contains);
    }

    /** Describes an error as part of a sentence, without a full stop. The text may name paths, and is not for clients. */
    public static String describe(final IOException fault) {
        if (fault instanceof FileSystemException file && file.getFile() != null) {
            return describe(file, Path.of(file.getFile()));
        }
        return fault.getMessage() == null ? "it cannot be used, and the system does not say why" : fault.getMessage();
    }

    private static String describe(final FileSystemException fault, final Path file) {
        final Path directory = file.toAbsolutePath().getParent();
        if (fault instanceof NoSuchFileException) {
            return directory == null || Files.exists(directory) ? "there is no " + file : "there is no directory " + directory;
        }
        if (fault instanceof AccessDeniedException) {
            return denied(Files.exists(file) || directory == null ? file : directory);
        }
        if (fault instanceof FileAlreadyExistsException) {
            return file + " exists already";
        }
        if (fault instanceof NotDirectoryException) {
            return file + " is not a directory";
        }
        if (fault instanceof DirectoryNotEmptyException) {
            return "the directory " + file + " is not empty";
        }
        return file + ": " + (fault.getReason() == null ? "it cannot be used" : fault.getReason());
    }

    private static String denied(final Path what) {
        final String who = "user " + System.getProperty("user.name") + " has no access to " + what;
        if (!AtomicReplace.isPosix(what)) {
            return who;
        }
        try {
            final PosixFileAttributes attributes = Files.readAttributes(what, PosixFileAttributes.class);
            return who + ", which belongs to user " + attributes.owner().getName() + ", group " + attributes.group().getName()
                    + " (" + PosixFilePermissions.toString(attributes.permissions()) + ")";
        } catch (final IOException unreadable) {
            return who;
        }
    }
}
