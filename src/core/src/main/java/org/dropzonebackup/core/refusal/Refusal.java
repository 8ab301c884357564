package org.dropzonebackup.core.refusal;

import java.time.Duration;
import org.dropzonebackup.core.units.ByteSize;

/**
 * A reason for refusing an upload, with the numbers that explain it: sizes in bytes, and {@code retryAfter}, the time until
 * the client should try again. Immutable.
 *
 * <p>The web module maps each to a status and headers. No refusal contains a password, a path of the server or a stack trace,
 * so its {@link #sentence()} may be shown to the client.
 */
public sealed interface Refusal {

    /** A sentence for the client: what is wrong and, if the client can help it, what to do. */
    String sentence();

    /** Whether the same upload may be accepted later, though its client changes nothing: an upload resource is kept then. */
    default boolean isRetryable() {
        return false;
    }

    /** The request is malformed. */
    record Malformed(String sentence) implements Refusal {
    }

    /** The file's name cannot be used. */
    record NameNotUsable(String why) implements Refusal {
        @Override
        public String sentence() {
            return "This file name cannot be used: " + why + ".";
        }
    }

    /** The request contains no file. */
    record NoFile() implements Refusal {
        @Override
        public String sentence() {
            return "There is no file in this request: send one as a part with a filename, or as the body of PUT /upload/NAME.";
        }
    }

    /** A file of this name exists and may not be replaced. */
    record NameTaken(String name) implements Refusal {
        @Override
        public String sentence() {
            return "A file named '" + name + "' exists already and cannot be replaced: send it under another name.";
        }
    }

    /**
     * What has this path is no file, or one of its directories is none: that is the {@code obstacle}, which is the path itself
     * where it is not known.
     */
    record PathBlocked(String path, String obstacle) implements Refusal {
        @Override
        public String sentence() {
            return obstacle.equals(path)
                    ? "'" + path + "' is a directory on this server, or a link or the like is in its way: send the file under another name."
                    : "'" + path + "' cannot be stored, as '" + obstacle + "' is no directory on this server: send it to another one.";
        }
    }

    /** A file of this name exists, and the client requires that there is none. */
    record NameNotNew(String name) implements Refusal {
        @Override
        public String sentence() {
            return "A file named '" + name + "' exists already, and this upload was to be stored only if there is none.";
        }
    }

    /** Two files of one request have the same name. */
    record NameTwice(String name) implements Refusal {
        @Override
        public String sentence() {
            return "Two files of this request are named '" + name + "': send them under different names.";
        }
    }

    /** The proof of work of an anonymous upload is not valid. */
    record SolutionRefused(String sentence) implements Refusal {
    }

    /** Too many anonymous uploads came from one network; {@code limit} is in files per hour. */
    record TooManyUploads(long limit, Duration retryAfter) implements Refusal {
        @Override
        public String sentence() {
            return "Too many anonymous uploads from your address: limit " + limit + " files an hour, try again in "
                    + Math.max(1, retryAfter.plusMillis(999).toSeconds()) + " seconds.";
        }
    }

    /** The file is larger than the limit; {@code got} is its announced length, or the bytes that have arrived. */
    record TooLarge(long limit, long got) implements Refusal {
        @Override
        public String sentence() {
            return "The file is too large: limit " + described(limit) + ", got " + described(got) + ".";
        }
    }

    /** The file is smaller than the minimum; {@code got} is its announced or its actual length. */
    record TooSmall(long limit, long got) implements Refusal {
        @Override
        public String sentence() {
            return "The file is too small: it has to have at least " + described(limit) + ", got " + described(got)
                    + ". Perhaps the program that makes it failed.";
        }
    }

    /** The upload, of {@code wanted} bytes, would exceed the user's quota. */
    record QuotaExceeded(long quota, long left, long wanted) implements Refusal {
        @Override
        public String sentence() {
            return "The quota would be exceeded: quota " + described(quota) + ", left " + described(left) + ", wanted "
                    + described(wanted) + ".";
        }
    }

    /** The upload, of {@code wanted} bytes, would use space that the server keeps in reserve, or no space is left at all. */
    record StorageFull(long wanted) implements Refusal {
        @Override
        public boolean isRetryable() {
            return true;
        }

        @Override
        public String sentence() {
            return "The server has not enough free space for this upload (wanted " + described(wanted)
                    + "): try again later or tell its administrator.";
        }
    }

    /** The content does not match the digest that the client sent with it. */
    record DigestMismatch(String algorithm, String name) implements Refusal {
        @Override
        public String sentence() {
            return "The content of '" + name + "' does not match the " + algorithm
                    + " digest that was sent with it: it was damaged on the way, send it again.";
        }
    }

    /** The upload resource does not exist, or belongs to somebody else: the client does not learn which. */
    record UploadUnknown() implements Refusal {
        @Override
        public String sentence() {
            return "There is no such upload: it was cancelled, or has expired, or never was. Begin it again.";
        }
    }

    /** The client's offset is not the end of the upload resource. */
    record WrongOffset(long expected, long got) implements Refusal {
        @Override
        public String sentence() {
            return "The upload goes on at byte " + expected + ", not at " + got + ".";
        }
    }

    /** Another request uses the upload resource and cannot be stopped: another server's, or one that completes it. */
    record UploadBusy() implements Refusal {
        @Override
        public String sentence() {
            return "Another request is still at work for this upload: try again shortly.";
        }
    }

    /** The upload resource is complete: its files are stored, and nothing can be appended. */
    record UploadComplete() implements Refusal {
        @Override
        public String sentence() {
            return "This upload is complete already: nothing more can be sent to it.";
        }
    }

    /** The total length that the client sends contradicts the known one, or the known maximum. */
    record LengthChanged(long known, long got) implements Refusal {
        @Override
        public String sentence() {
            return "The length contradicts what is known of this upload: " + known + " bytes, now " + got + ".";
        }
    }

    /** The user's directory is not usable, or is missing and may not be created. */
    record DirectoryUnusable() implements Refusal {
        @Override
        public String sentence() {
            return "The server is set up wrongly: the directory for these uploads is missing or cannot be used."
                    + " Tell its administrator; the server's log says which it is.";
        }
    }

    /** The server accepts no upload now. */
    record Unavailable(String why, Duration retryAfter) implements Refusal {
        @Override
        public boolean isRetryable() {
            return true;
        }

        @Override
        public String sentence() {
            return why;
        }
    }

    /** Both readable and exact: the first for people, the second for programs. */
    private static String described(final long bytes) {
        final String readable = new ByteSize(Math.max(0, bytes)).toString();
        return bytes < 1024 ? readable : readable + " (" + bytes + " bytes)";
    }
}
