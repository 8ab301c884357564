package org.dropzonebackup.core;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Captures the records of a logger, instead of printing them, until it is closed. Safe for threads. */
public final class CapturedLog implements AutoCloseable {

    private final Logger logger;
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    /**
     * @param name the logger's
     */
    public CapturedLog(final String name) {
        logger = Logger.getLogger(name);
        logger.setFilter(record -> {
            records.add(record);
            return false;
        });
    }

    public CapturedLog(final Class<?> speaker) {
        this(speaker.getName());
    }

    /** The records as "LEVEL message", without exceptions. */
    public List<String> lines() {
        final SimpleFormatter formatter = new SimpleFormatter();
        return records.stream().map(record -> record.getLevel().getName() + " " + formatter.formatMessage(record)).toList();
    }

    @Override
    public void close() {
        logger.setFilter(null);
    }
}
