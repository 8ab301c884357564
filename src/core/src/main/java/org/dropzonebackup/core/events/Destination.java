package org.dropzonebackup.core.events;

import java.io.IOException;

/** Where events are delivered. Used by one thread. */
public interface Destination {

    /** A name for people: without what is secret. */
    String name();

    /** What tells it from others, also after a restart; the name of a file can have it. */
    String id();

    /**
     * Delivers an event.
     *
     * @throws IOException if it was not taken: it is delivered again later
     * @throws InterruptedException if the thread is interrupted; it may have been taken
     */
    void deliver(Message message) throws IOException, InterruptedException;
}
