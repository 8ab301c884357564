package org.dropzonebackup.core.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.dropzonebackup.core.SettableClock;
import org.dropzonebackup.core.auth.Network;
import org.junit.jupiter.api.Test;

class DifficultyTest {

    private final SettableClock clock = new SettableClock();
    private final Difficulty difficulty = new Difficulty(100, clock::nanoTime);

    @Test
    void doublesWithEveryTwentyChallengesUpToALimit() {
        final List<Long> asked = LongStream.generate(this::next).limit(200).boxed().toList();

        assertThat(asked.subList(0, 20)).containsOnly(100L);
        assertThat(asked.subList(20, 40)).containsOnly(200L);
        assertThat(asked.subList(100, 120)).containsOnly(3200L);
        assertThat(asked.subList(120, 200)).containsOnly(6400L);
    }

    @Test
    void forgetsOneChallengeEveryHalfMinute() {
        LongStream.generate(this::next).limit(100_000).forEach(hard -> assertThat(hard).isLessThanOrEqualTo(6400));

        clock.pass(Duration.ofMinutes(30));
        assertThat(next()).isEqualTo(1600);
        clock.pass(Duration.ofMinutes(41));
        assertThat(next()).isEqualTo(100);
    }

    @Test
    void countsEachNetworkByItself() {
        LongStream.generate(() -> difficulty.next(network("2001:db8:0:1::1"))).limit(60).forEach(hard -> { });

        assertThat(difficulty.next(network("2001:db8:0:1::2"))).isEqualTo(800);
        assertThat(difficulty.next(network("2001:db8:0:2::1"))).isEqualTo(100);
        assertThat(next()).isEqualTo(100);
    }

    private long next() {
        return difficulty.next(network("192.0.2.1"));
    }

    private static Network network(final String address) {
        try {
            return Network.of(InetAddress.getByName(address));
        } catch (final UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
