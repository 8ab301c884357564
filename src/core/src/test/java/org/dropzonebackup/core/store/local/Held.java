package org.dropzonebackup.core.store.local;

import java.util.concurrent.atomic.AtomicInteger;
import org.dropzonebackup.core.store.Retainable;

/** Memory that says how often it is held. */
final class Held implements Retainable {

    private final AtomicInteger holders = new AtomicInteger();

    int holders() {
        return holders.get();
    }

    @Override
    public boolean retain() {
        holders.incrementAndGet();
        return true;
    }

    @Override
    public void release() {
        holders.decrementAndGet();
    }
}
