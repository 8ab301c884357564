package org.dropzonebackup.core.config;

import java.util.Locale;

/** The settings there are: each with its default, as people would write it, and its meaning in a line. */
public enum Setting {
    CONFIG("", "a properties file with settings, a line NAME = value for each"),
    UPLOAD_BASE_DIR("", "the directory below which relative user directories lie"),
    USERS_FILE("", "the shared users file"),
    ANONYMOUS_DIR("", "where anonymous uploads go; without it there are none"),
    ANONYMOUS_CHALLENGE("on", "whether anonymous uploads take a proof of work: on or off"),
    CHALLENGE_DIFFICULTY("200000", "how many hashes a proof of work may take; more from who sends a lot"),
    CHALLENGE_KEY("", "secret that several servers share, so that each takes the proofs of the others"),
    ANONYMOUS_MAX_FILE_SIZE("1 GiB", "most bytes of an anonymous file"),
    ANONYMOUS_QUOTA("10 GiB", "most bytes of all anonymous files together"),
    ANONYMOUS_UPLOADS_PER_HOUR("100", "how many anonymous files an address may send within an hour"),
    MAX_FILE_SIZE("1 TiB", "most bytes of a file, such as 500 MiB"),
    MIN_FILE_SIZE("0", "least bytes of a file, such as 1 KiB: a dump that failed is often empty"),
    OVERWRITE("false", "whether an upload may replace a file of the same name"),
    AUTO_CREATE_USER_DIRS("false", "whether missing user directories are created"),
    TMP_SUFFIX(".~tmp", "suffix of a file that is still arriving"),
    FREE_SPACE_RESERVE("1 GiB", "space on the file system that uploads may never take"),
    FSYNC("true", "whether success means that file and directory are on stable storage"),
    FILE_MODE("0640", "permissions of stored files, in octal, from which the umask takes"),
    STALE_AFTER("7 d", "age at which an abandoned temporary file is swept"),
    REFUSAL_DRAIN("10 s", "how long the body of a refused upload is read so that its client sees the answer"),
    IDLE_TIMEOUT("90 s", "how long the client of an upload may send nothing"),
    MIN_RATE("100", "bytes a second that have to come on average over the idle-timeout"),
    TRUSTED_PROXIES("", "addresses or CIDR blocks whose X-Forwarded-* is believed, separated by commas"),
    AUDIT_LOG("", "a file to which a line of JSON is added for each upload, stored or refused"),
    PAGE_TITLE("Dropzone Backup", "title of the upload page"),
    PAGE_MESSAGE("", "a sentence for the people who open the upload page"),
    PAGE_HELP_URL("", "where the upload page's help link leads: http, https or mailto"),
    PAGE_CHUNK_SIZE("", "most bytes that the upload page sends in one request, such as 64 MiB; without it a file is one request");

    private final String defaultText;
    private final String meaning;

    Setting(final String defaultText, final String meaning) {
        this.defaultText = defaultText;
        this.meaning = meaning;
    }

    /** As people write it: {@code upload-base-dir}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As people would write it; empty if there is none. */
    public String defaultText() {
        return defaultText;
    }

    /** In a line, for whoever asks for help. */
    public String meaning() {
        return meaning;
    }

    /** Whether it is either {@code true} or {@code false}. */
    public boolean isSwitch() {
        return defaultText.equals("true") || defaultText.equals("false");
    }
}
