package org.dropzonebackup.bench.speed;

/** What is measured of a run. */
enum Measure {

    MEGABYTES("MB/s"),
    FILES("files/s"),
    SECONDS("s"),
    MILLIS("ms at the 99th percentile"),
    CPU("CPU s/GiB"),
    CPU_FILES("CPU s/1000 files"),
    PEAK("MiB resident"),
    THREADS("threads"),
    ARRIVED("arrived");

    private final String unit;

    Measure(final String unit) {
        this.unit = unit;
    }

    /** As a table has it. */
    String unit() {
        return unit;
    }
}
