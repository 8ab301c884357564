package org.dropzonebackup.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FaultLogTest {

    private final List<String> lines = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final FaultLog log = new FaultLog(new Lines(), nanos::get);

    @Test
    void reportsAFaultOnceAndLaterHowOftenItOccurred() {
        for (int i = 0; i < 5; i++) {
            log.report(Level.ERROR, "the disk is full");
        }
        log.report(Level.ERROR, "another");
        assertThat(lines).containsExactly("the disk is full", "another");

        nanos.addAndGet(Duration.ofMinutes(11).toNanos());
        log.report(Level.ERROR, "the disk is full");
        assertThat(lines).last().asString().startsWith("the disk is full (and 4 times");
    }

    @Test
    void reportsTheSameFaultOfDifferentFilesOnce() {
        log.report(Level.ERROR, "failed", new FileSystemException("a", null, "I/O error"));
        log.report(Level.ERROR, "failed", new FileSystemException("b", null, "I/O error"));
        log.report(Level.ERROR, "failed", new IOException(new FileSystemException("c", null, "I/O error")));
        log.report(Level.ERROR, "failed", new FileSystemException("b", null, "Read-only file system"));

        assertThat(lines).hasSize(2);
    }

    private final class Lines implements Logger {

        @Override
        public String getName() {
            return "lines";
        }

        @Override
        public boolean isLoggable(final Level level) {
            return true;
        }

        @Override
        public void log(final Level level, final ResourceBundle bundle, final String message, final Throwable thrown) {
            lines.add(message);
        }

        @Override
        public void log(final Level level, final ResourceBundle bundle, final String format, final Object... parameters) {
            lines.add(MessageFormat.format(format, parameters));
        }
    }
}
