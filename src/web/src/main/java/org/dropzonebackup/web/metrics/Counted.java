package org.dropzonebackup.web.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.dropzonebackup.core.files.SyncWatch;
import org.dropzonebackup.core.log.AuditLine;
import org.dropzonebackup.web.upload.UploadMeter;

/** What uploads and their syncs add to as they go; never waits. Safe for threads. */
public final class Counted implements UploadMeter, SyncWatch {

    private static final double[] UPLOAD_SECONDS = {0.01, 0.05, 0.25, 1, 5, 30, 120, 600, 3600, 6 * 3600, 24 * 3600};
    private static final double[] DEVICE_SECONDS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Counter uploads = Counter.builder().name("dropzone_uploads_total").withoutExemplars()
            .help("Files of uploads, by way in, by what became of them, and by HTTP status").labelNames("way", "outcome", "status").build();
    private final Counter received = Counter.builder().name("dropzone_upload_received_bytes_total").unit(Unit.BYTES).withoutExemplars()
            .help("Bytes of the bodies of uploads that came").build();
    private final Histogram durations = histogram("dropzone_upload_duration_seconds", UPLOAD_SECONDS)
            .help("How long the request took that ended in a stored file, from its beginning").labelNames("way").build();
    private final Histogram durable = histogram("dropzone_upload_durable_seconds", DEVICE_SECONDS)
            .help("From the last byte of a request until its files were stored, durably and in the journal").build();
    private final Histogram syncs = histogram("dropzone_sync_duration_seconds", DEVICE_SECONDS)
            .help("How long the device took to sync a file, a directory or the journal").labelNames("target").build();
    private final Clock clock;
    private volatile long journalSynced;

    /**
     * @param registry takes the metrics
     */
    Counted(final PrometheusRegistry registry, final Clock clock) {
        this.clock = clock;
        for (final WayIn way : WayIn.values()) {
            uploads.initLabelValues(way.label(), "stored", "200");
            uploads.initLabelValues(way.label(), "gone", "");
            durations.initLabelValues(way.label());
        }
        for (final Target target : Target.values()) {
            syncs.initLabelValues(label(target));
        }
        registry.register(uploads);
        registry.register(received);
        registry.register(durations);
        registry.register(durable);
        registry.register(syncs);
    }

    private static Histogram.Builder histogram(final String name, final double[] bounds) {
        return Histogram.builder().name(name).unit(Unit.SECONDS).classicOnly().classicUpperBounds(bounds).withoutExemplars();
    }

    private static String label(final Target target) {
        return target.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Who is told what becomes of an upload.
     *
     * @param tus path of tus uploads
     * @param draft path of other upload resources
     */
    public Consumer<AuditLine> upload(final HttpServletRequest request, final String tus, final String draft) {
        final String way = WayIn.of(request, tus, draft).label();
        return line -> ended(way, line);
    }

    private void ended(final String way, final AuditLine line) {
        uploads.labelValues(way, line.outcome(), line.status().isPresent() ? Integer.toString(line.status().getAsInt()) : "").inc();
        if (line.outcome().equals("stored")) {
            durations.labelValues(way).observe(line.duration().toNanos() / NANOS);
        }
    }

    @Override
    public void received(final int bytes) {
        received.inc(bytes);
    }

    @Override
    public void durable(final long nanos) {
        durable.observe(nanos / NANOS);
    }

    @Override
    public void synced(final Target target, final long nanos) {
        syncs.labelValues(label(target)).observe(nanos / NANOS);
        if (target == Target.JOURNAL) {
            journalSynced = clock.millis();
        }
    }

    /** When the journal was last synced, in seconds since 1970; none if it was not. */
    Optional<Double> journalSynced() {
        final long millis = journalSynced;
        return millis == 0 ? Optional.empty() : Optional.of(millis / 1000.0);
    }
}
