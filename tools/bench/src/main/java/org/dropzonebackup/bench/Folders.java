package org.dropzonebackup.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.dropzonebackup.bench.Ledger.Outcome;
import org.dropzonebackup.bench.Ledger.Request;

/**
 * Clients that together send many files in many directories, ten in each, and send again what was cut off until it is stored,
 * whatever becomes of the server meanwhile. Safe for threads.
 */
final class Folders implements Callable<Void> {

    private static final int PER_DIRECTORY = 10;
    private static final int LONGEST = 2000;
    private static final int MINUTES = 10;

    private final Ledger ledger;
    private final Queue<Integer> left;
    private final int files;
    private final long seed;
    private final List<CountDownLatch> milestones = new ArrayList<>();
    /** Null until there is one. */
    private Server server;

    /**
     * @param kills how many milestones there are on the way
     */
    Folders(final Ledger ledger, final int files, final int kills, final long seed) {
        this.ledger = ledger;
        this.files = files;
        this.seed = seed;
        final List<Integer> numbers = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            numbers.add(i);
        }
        Collections.shuffle(numbers, new Random(seed));
        left = new ConcurrentLinkedQueue<>(numbers);
        for (int i = 1; i <= kills; i++) {
            milestones.add(new CountDownLatch(files / (kills + 1) * i));
        }
    }

    /** From now on files go to this server. */
    synchronized void sendTo(final Server next) {
        server = next;
        notifyAll();
    }

    private synchronized Server serverAfter(final Server gone) throws InterruptedException {
        while (server == gone) {
            wait();
        }
        return server;
    }

    /**
     * Waits until so many files are stored that it is time for this kill.
     *
     * @throws IOException if that does not come, as a file is refused
     */
    void awaitMilestone(final int kill) throws InterruptedException, IOException {
        if (!milestones.get(kill).await(MINUTES, TimeUnit.MINUTES)) {
            throw new IOException("after " + MINUTES + " minutes there are not enough files");
        }
    }

    /** One client: sends until all files are stored. */
    @Override
    public Void call() throws InterruptedException {
        Server present = serverAfter(null);
        for (Integer next = left.poll(); next != null; next = left.poll()) {
            while (!isStored(present, next)) {
                present = serverAfter(present);
            }
            milestones.forEach(CountDownLatch::countDown);
        }
        return null;
    }

    private boolean isStored(final Server present, final int number) {
        final Random random = new Random(seed + number);
        final Content content = Content.random(random, 1 + random.nextInt(LONGEST));
        final Request request = ledger.request().file(path(number), content);
        Outcome outcome = Outcome.UNKNOWN;
        try (Exchange exchange = new Exchange(present)) {
            exchange.send("PUT /upload/" + path(number) + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + Sender.HEADERS
                    + "Repr-Digest: " + content.reprDigest() + "\r\nContent-Length: " + content.bytes().length + "\r\n\r\n");
            final Exchange.Answer answer = exchange.answerTo(List.of(content.bytes()), false);
            outcome = answer.status() == 200 ? Outcome.STORED : Outcome.REFUSED;
        } catch (final IOException gone) {
            // It is sent again
            outcome = Outcome.UNKNOWN;
        }
        request.ended(outcome);
        if (outcome == Outcome.REFUSED) {
            throw new IllegalStateException("refused: " + path(number));
        }
        return outcome == Outcome.STORED;
    }

    private String path(final int number) {
        final int directory = number % (files / PER_DIRECTORY);
        return "a" + directory % 10 + "/b" + directory / 10 % 10 + "/c" + directory / 100 + "/f" + number;
    }
}
