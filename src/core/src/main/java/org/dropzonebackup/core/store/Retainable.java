package org.dropzonebackup.core.store;

/** Memory with bytes in it, which goes back to whoever lent it when nobody holds it any more. Safe for threads. */
public interface Retainable {

    /** Memory that is used again as soon as the call that brought it returns. */
    Retainable NEVER = new Retainable() {
        @Override
        public boolean retain() {
            return false;
        }

        @Override
        public void release() {
            throw new IllegalStateException("nobody holds this");
        }
    };

    /**
     * Holds it beyond the call that brought it, until {@link #release}: nobody changes what is in it meanwhile.
     *
     * @return whether that is possible
     */
    boolean retain();

    /** Ends what {@link #retain} began; to be called once for each time. */
    void release();
}
