package org.dropzonebackup.core.refusal;

import java.time.Duration;
import org.dropzonebackup.core.units.ByteSize;

/**
 * An expected, typed "no" to an upload, with the numbers that explain it.
 *
 * <p>What the protocol makes of each (a status, a header) is decided where the protocol lives. No refusal carries a
 * password, a path of the server or a stack trace, so its {@link #sentence()} may be shown to the client. Immutable.
 */
public sealed interface Refusal {

    /**
     * One readable sentence that says what is wrong and, where the client can do something, what to do.
     */
    String sentence();

    /** What was sent cannot be understood as an upload. */
    record Malformed(String sentence) implements Refusal {
    }

    /** The name under which the file was sent cannot be used. */
    record NameNotUsable(String why) implements Refusal {
        @Override
        public String sentence() {
            return "This file name cannot be used: " + why + ".";
        }
    }

    /** There is no file in the request. */
    record NoFile() implements Refusal {
        @Override
        public String sentence() {
            return "There is no file in this request: send one as a part with a filename, or as the body of PUT /upload/NAME.";
        }
    }

    /** A file of this name exists and may not be replaced, or the name belongs to something that is no file. */
    record NameTaken(String name) implements Refusal {
        @Override
        public String sentence() {
            return "A file named '" + name + "' exists already and cannot be replaced: send it under another name.";
        }
    }

    /** A file of this name exists, and the client asked that there be none. */
    record NameNotNew(String name) implements Refusal {
        @Override
        public String sentence() {
            return "A file named '" + name + "' exists already, and this upload was to be stored only if there is none.";
        }
    }

    /** Two files of one request share a name. */
    record NameTwice(String name) implements Refusal {
        @Override
        public String sentence() {
            return "Two files of this request are named '" + name + "': send them under different names.";
        }
    }

    /** What was computed for an anonymous upload does not count. */
    record SolutionRefused(String sentence) implements Refusal {
    }

    /**
     * Too many anonymous uploads came from one network.
     *
     * @param limit how many files may come within an hour
     * @param retryAfter when another one may come
     */
    record TooManyUploads(long limit, Duration retryAfter) implements Refusal {
        @Override
        public String sentence() {
            return "Too many anonymous uploads from your address: limit " + limit + " files an hour, try again in "
                    + Math.max(1, retryAfter.plusMillis(999).toSeconds()) + " seconds.";
        }
    }

    /**
     * The file is larger than the limit.
     *
     * @param limit bytes that a file may have
     * @param got bytes that were announced, or that had come when the limit was crossed
     */
    record TooLarge(long limit, long got) implements Refusal {
        @Override
        public String sentence() {
            return "The file is too large: limit " + described(limit) + ", got " + described(got) + ".";
        }
    }

    /**
     * The file is smaller than it has to be.
     *
     * @param limit bytes that a file has to have
     * @param got bytes that were announced, or that came
     */
    record TooSmall(long limit, long got) implements Refusal {
        @Override
        public String sentence() {
            return "The file is too small: it has to have at least " + described(limit) + ", got " + described(got)
                    + ". Perhaps the program that makes it failed.";
        }
    }

    /**
     * The upload would exceed the user's quota.
     *
     * @param quota bytes that the user's files may have together
     * @param left bytes that are still free of it
     * @param wanted bytes that were asked for
     */
    record QuotaExceeded(long quota, long left, long wanted) implements Refusal {
        @Override
        public String sentence() {
            return "The quota would be exceeded: quota " + described(quota) + ", left " + described(left) + ", wanted "
                    + described(wanted) + ".";
        }
    }

    /**
     * The upload would take space that the server keeps in reserve, or there is none left at all.
     *
     * @param wanted bytes that were asked for
     */
    record StorageFull(long wanted) implements Refusal {
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

    /** There is no such upload resource, or it is somebody else's: nobody learns which. */
    record UploadUnknown() implements Refusal {
        @Override
        public String sentence() {
            return "There is no such upload: it was cancelled, or has expired, or never was. Begin it again.";
        }
    }

    /**
     * What was sent does not begin where the upload resource ends.
     *
     * @param expected bytes that are there
     * @param got where the client would go on
     */
    record WrongOffset(long expected, long got) implements Refusal {
        @Override
        public String sentence() {
            return "The upload goes on at byte " + expected + ", not at " + got + ".";
        }
    }

    /** Another request is at work for the upload resource, and does not let go: another server's, or one that completes it. */
    record UploadBusy() implements Refusal {
        @Override
        public String sentence() {
            return "Another request is still at work for this upload: try again shortly.";
        }
    }

    /** The upload resource is complete: its files are stored, and nothing more can be sent to it. */
    record UploadComplete() implements Refusal {
        @Override
        public String sentence() {
            return "This upload is complete already: nothing more can be sent to it.";
        }
    }

    /**
     * A length that contradicts what is known of the upload resource.
     *
     * @param known bytes it has or may have in all
     * @param got bytes it would have in all
     */
    record LengthChanged(long known, long got) implements Refusal {
        @Override
        public String sentence() {
            return "The length contradicts what is known of this upload: " + known + " bytes, now " + got + ".";
        }
    }

    /** The user's directory is missing and may not be created, or cannot be used. */
    record DirectoryUnusable() implements Refusal {
        @Override
        public String sentence() {
            return "The server is set up wrongly: the directory for these uploads is missing or cannot be used."
                    + " Tell its administrator; the server's log says which it is.";
        }
    }

    /**
     * The server takes no upload now.
     *
     * @param retryAfter when to try again
     */
    record Unavailable(String why, Duration retryAfter) implements Refusal {
        @Override
        public String sentence() {
            return why;
        }
    }

    /** Both readable and exact: people compare the first, programs the second. */
    private static String described(final long bytes) {
        final String readable = new ByteSize(Math.max(0, bytes)).toString();
        return bytes < 1024 ? readable : readable + " (" + bytes + " bytes)";
    }
}
