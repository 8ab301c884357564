package org.dropzonebackup.core.policy;

import java.util.concurrent.TimeUnit;
import org.dropzonebackup.core.refusal.RefusedException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it takes to make a name of what a client sent. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FileNameBenchmark {

    private final FileName.Rules rules = new FileName.Rules(".~tmp", false);

    /** A usual one, one that is not ASCII and not in form NFC, and one with the whole path of a Windows client. */
    @Param({"db-2026-11-23.dump", "Ta\u0308tigkeitsbericht \u65e5\u672c\u8a9e.pdf", "C:\\Users\\alice\\backup.zip"})
    private String submitted;

    /** Parses it. */
    @Benchmark
    public FileName parse() throws RefusedException {
        return rules.name(submitted);
    }
}
