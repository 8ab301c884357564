package org.dropzonebackup.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressBlockTest {

    /** Texts that are not addresses, as a client may send them in a header. */
    private static final List<String> NAMES = List.of("999.1.1.1", "256.1.1.1", "1.1.1.256", "1.1.1.1.", "1.1.1", "1.1.1.1.1", "1",
            ".1:1", ".:1", "1.1.1.1:80:", "g::1", "example.org", "face", "0x7f.1.1.1", "1.1.1.+1", "-1.1.1.1", "٣.1.1.1", "",
            " ", "1.1.1.1 ", "localhost", "[::1]", "::g", "1:2", ":::", "::1.999.1.1", "12345::");

    /** Runs in a Java that can resolve every name, from a file instead of a resolver. */
    public static final class Asker {
        private Asker() {
        }

        /** Prints the texts that are accepted as addresses. */
        public static void main(final String... names) {
            for (final String name : names) {
                try {
                    System.out.println("'" + name + "' is " + AddressBlock.address(name).getHostAddress());
                } catch (final IllegalArgumentException e) {
                    // As expected
                }
            }
        }
    }

    @Test
    void neverAsksAResolver(@TempDir final Path directory) throws Exception {
        final Path hosts = Files.write(directory.resolve("hosts"),
                NAMES.stream().filter(name -> !name.isBlank()).map(name -> "192.0.2.1 " + name.strip()).toList());
        final String classes = Stream.of(AddressBlock.class, AddressBlockTest.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath()).collect(Collectors.joining(":"));
        final Process java = new ProcessBuilder(Stream.concat(Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.net.hosts.file=" + hosts, "-cp", classes, Asker.class.getName()), NAMES.stream()).toList())
                .redirectErrorStream(true).start();
        assertThat(java.inputReader().lines()).isEmpty();
        assertThat(java.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(java.exitValue()).isZero();
    }

    @Test
    void rejectsEverythingThatIsNotAnAddress() {
        for (final String name : NAMES) {
            assertThatThrownBy(() -> AddressBlock.address(name)).as(name).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("is not an IP address");
        }
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.1, 192.0.2.1", "255.255.255.255, 255.255.255.255", "0.0.0.0, 0.0.0.0", "249.199.99.9, 249.199.99.9",
            "::1, 0:0:0:0:0:0:0:1", "2001:DB8::1, 2001:db8:0:0:0:0:0:1", "::, 0:0:0:0:0:0:0:0", "::ffff:192.0.2.1, 192.0.2.1"})
    void readsAddresses(final String text, final String address) {
        assertThat(AddressBlock.address(text).getHostAddress()).isEqualTo(address);
    }
}
