package org.dropzonebackup.core.config;

import java.util.Locale;

/** The settings, each with its default and a line of help. */
public enum Setting {
    CONFIG("", "a properties file with settings, a line NAME = value for each"),
    UPLOAD_BASE_DIR("", "the directory below which relative user directories lie"),
    USERS_FILE("", "the shared users file"),
    ANONYMOUS_DIR("", "where anonymous uploads go; without it they are refused"),
    ANONYMOUS_CHALLENGE("on", "whether anonymous uploads require a proof of work: on or off"),
    CHALLENGE_DIFFICULTY("200000", "how many hashes a proof of work may take; more for clients that send a lot"),
    CHALLENGE_KEY("", "secret that several servers share, so that each accepts challenges of the others"),
    ANONYMOUS_MAX_FILE_SIZE("1 GiB", "largest size of an anonymous file"),
    ANONYMOUS_QUOTA("10 GiB", "largest size of all anonymous files together"),
    ANONYMOUS_UPLOADS_PER_HOUR("100", "how many anonymous files an address may send per hour"),
    MAX_FILE_SIZE("1 TiB", "largest size of a file, such as 500 MiB"),
    MIN_FILE_SIZE("0", "smallest size of a file, such as 1 KiB: a failed dump is often empty"),
    EXISTING("refuse", "what becomes of an upload whose name is taken: refuse, keep (store both), or replace"),
    OVERWRITE("", "true: the same as existing = replace; false: existing = refuse"),
    KEEP_FOR("", "how long files are kept, such as 90 d; without it the server removes none"),
    KEEP_AT_LEAST("3", "how many of the newest files of one name are kept, however old"),
    SCRUB_EVERY("", "how often the server reads all stored files to see whether they are right, such as 30 d"),
    SUBDIRECTORIES("true", "whether uploads may lie in directories below that of their user"),
    AUTO_CREATE_USER_DIRS("false", "whether missing user directories are created"),
    TMP_SUFFIX(".~tmp", "suffix of a file that is still arriving"),
    FREE_SPACE_RESERVE("1 GiB", "space on the file system that uploads may never take"),
    FSYNC("true", "whether success means that file and directory are on stable storage"),
    FILE_MODE("0640", "permissions of stored files, in octal, reduced by the umask"),
    STALE_AFTER("7 d", "age at which an abandoned temporary file is removed"),
    REFUSAL_DRAIN("10 s", "how long the body of a refused upload is read, so that the client sees the answer"),
    IDLE_TIMEOUT("90 s", "how long the client of an upload may send nothing"),
    MIN_RATE("100", "bytes per second that a client must send, averaged over the idle-timeout"),
    CORS_ORIGINS("", "origins of other sites whose pages may upload, separated by commas, or *"),
    TRUSTED_PROXIES("", "addresses or CIDR blocks whose X-Forwarded-* is trusted, separated by commas"),
    AUDIT_LOG("", "a file to which a line of JSON is added for each upload, stored or refused"),
    METRICS_TOKEN("", "who sends it as a bearer token may read /metrics; without it there are none"),
    WEBHOOK_URL("", "receivers that are told what happens by POST (Standard Webhooks), separated by commas"),
    WEBHOOK_SECRET("", "signs what receivers are told: whsec_ and 24 to 64 bytes in Base64"),
    WEBHOOK_EVENTS("", "what receivers are told of, separated by commas, such as file.stored, backup.late; default: everything"),
    ON_EVENT("", "a program that is run for each event, with the event as JSON on standard input"),
    SIGNING_KEY("", "a file with the key that signs receipts; made if it is missing. Default: UPLOAD-BASE-DIR/.dropzone/signing-key.jwks"),
    SERVER_NAME("", "how receipts name this server. Default: the name of the machine"),
    PAGE_TITLE("Dropzone Backup", "title of the upload page"),
    PAGE_MESSAGE("", "a sentence for visitors of the upload page"),
    PAGE_HELP_URL("", "target of the help link on the upload page: http, https or mailto"),
    PAGE_CHUNK_SIZE("", "largest request of the upload page, such as 64 MiB; without it a file is one request");

    private final String defaultText;
    private final String meaning;

    Setting(final String defaultText, final String meaning) {
        this.defaultText = defaultText;
        this.meaning = meaning;
    }

    /** The name as people write it, such as {@code upload-base-dir}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The default as people would write it; empty if there is none. */
    public String defaultText() {
        return defaultText;
    }

    /** A line of help. */
    public String meaning() {
        return meaning;
    }

    /** Whether the value is {@code true} or {@code false}. */
    public boolean isSwitch() {
        return this == OVERWRITE || defaultText.equals("true") || defaultText.equals("false");
    }
}
