package org.dropzonebackup.core.units;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes as people write it: {@code 500 MB}, {@code 2GiB}, {@code 1.5 TB}, {@code 1099511627776}.
 *
 * <p>{@code kB MB GB TB} are powers of 1000, {@code KiB MiB GiB TiB} powers of 1024, both in any case. Output uses the latter.
 * Immutable.
 */
public record ByteSize(long bytes) {

    private static final Pattern FORMAT =
            Pattern.compile("\\s*(\\d+(?:\\.\\d+)?)\\s*(|B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)\\s*", Pattern.CASE_INSENSITIVE);

    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");
    private static final int BITS_PER_POWER = 10;

    /**
     * @throws IllegalArgumentException if {@code bytes} is negative
     */
    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size cannot be negative: " + bytes);
        }
    }

    /**
     * Parses a size such as {@code 200 GiB}.
     *
     * @throws IllegalArgumentException with a sentence for the person who wrote it, if it is not a whole number of bytes up
     *         to 2^63-1
     */
    public static ByteSize parse(final String text) {
        final Matcher matcher = FORMAT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a size: write a number of bytes, or one with kB, MB, GB, TB, KiB, MiB, GiB or TiB");
        }
        try {
            return new ByteSize(new BigDecimal(matcher.group(1)).multiply(factor(matcher.group(2))).longValueExact());
        } catch (final ArithmeticException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a whole number of bytes below 8 EiB", e);
        }
    }

    private static BigDecimal factor(final String unit) {
        final String lower = unit.toLowerCase(Locale.ROOT);
        final int power = lower.isEmpty() ? 0 : "bkmgt".indexOf(lower.charAt(0));
        return BigDecimal.valueOf(lower.endsWith("ib") ? 1024 : 1000).pow(power);
    }

    /** The power of 1024 of the unit for output: 0 for bytes, 1 for KiB, up to 6 for EiB. */
    public int power() {
        return bytes == 0 ? 0 : (Long.SIZE - 1 - Long.numberOfLeadingZeros(bytes)) / BITS_PER_POWER;
    }

    /**
     * The size in the unit of {@link #power}, to three digits, or four before the point. Rounded down, so that no message
     * promises more than a limit allows.
     */
    public BigDecimal rounded() {
        final BigDecimal value = new BigDecimal(bytes).divide(new BigDecimal(1L << BITS_PER_POWER * power()));
        final int decimals = Math.max(0, 3 - (value.precision() - value.scale()));
        final BigDecimal rounded = value.setScale(decimals, RoundingMode.DOWN).stripTrailingZeros();
        return rounded.scale() < 0 ? rounded.setScale(0) : rounded;
    }

    /** The {@linkplain #rounded rounded} size with its unit, such as {@code 1.5 GiB}. */
    @Override
    public String toString() {
        return rounded().toPlainString() + " " + UNITS.get(power());
    }
}
