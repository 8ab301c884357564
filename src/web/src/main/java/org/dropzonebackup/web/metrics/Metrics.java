package org.dropzonebackup.web.metrics;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * All metrics of a server: those that are counted, those that are asked for when somebody reads, and those of the virtual machine.
 * Safe for threads.
 */
public final class Metrics {

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final Counted counted;

    /** Is told a value with its labels. */
    @FunctionalInterface
    public interface Told {
        /** One value; of the same labels one only. */
        void value(double value, String... labels);
    }

    /**
     * A text for who reads.
     *
     * @param type of its content
     */
    record Page(String type, String text) {
    }

    /** Those that are counted, and those of the virtual machine. None of them listens to the machine, which would outlive this. */
    public Metrics(final Clock clock) {
        counted = new Counted(registry, clock);
        JvmMemoryMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
        JvmThreadsMetrics.builder().register(registry);
        ProcessMetrics.builder().register(registry);
        gauge("dropzone_journal_last_sync_timestamp_seconds", "When entries of the journal were last synced",
                told -> counted.journalSynced().ifPresent(told::value));
    }

    /** What uploads and syncs add to. */
    public Counted counted() {
        return counted;
    }

    /**
     * Adds what may go up and down; in bytes or seconds if its name says so.
     *
     * @param question tells the values there are now, and waits for nothing that may take long
     * @param labels their names
     */
    public void gauge(final String name, final String help, final Consumer<Told> question, final String... labels) {
        final GaugeWithCallback.Builder builder = GaugeWithCallback.builder().name(name).help(help).labelNames(labels)
                .callback(callback -> question.accept(callback::call));
        unit(name).ifPresent(builder::unit);
        builder.register(registry);
    }

    /** Adds what only goes up. The arguments are the same; the name ends with {@code _total}. */
    public void counter(final String name, final String help, final Consumer<Told> question, final String... labels) {
        CounterWithCallback.builder().name(name).help(help).labelNames(labels)
                .callback(callback -> question.accept(callback::call)).register(registry);
    }

    private static Optional<Unit> unit(final String name) {
        return name.endsWith("_bytes") ? Optional.of(Unit.BYTES) : name.endsWith("_seconds") ? Optional.of(Unit.SECONDS) : Optional.empty();
    }

    /**
     * All of them now.
     *
     * @param accept value of the header {@code Accept}; null if there is none
     */
    Page read(final String accept) {
        final ExpositionFormatWriter writer = formats.findWriter(accept);
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writer.write(bytes, registry.scrape());
        } catch (final IOException e) {
            throw new IllegalStateException("memory cannot be written", e);
        }
        return new Page(writer.getContentType(), bytes.toString(StandardCharsets.UTF_8));
    }
}
