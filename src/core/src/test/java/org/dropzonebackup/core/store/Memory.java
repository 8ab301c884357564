package org.dropzonebackup.core.store;

import java.util.concurrent.atomic.AtomicInteger;

/** Memory that counts how often it is retained and released. Safe for threads. */
public final class Memory implements Retainable {

    private final AtomicInteger retained = new AtomicInteger();
    private final AtomicInteger released = new AtomicInteger();

    /** How often it was retained. */
    public int retained() {
        return retained.get();
    }

    /** How many hold it now. */
    public int holders() {
        return retained.get() - released.get();
    }

    @Override
    public boolean retain() {
        retained.incrementAndGet();
        return true;
    }

    @Override
    public void release() {
        released.incrementAndGet();
    }
}
