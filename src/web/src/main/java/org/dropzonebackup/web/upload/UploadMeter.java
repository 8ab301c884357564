package org.dropzonebackup.web.upload;

/** Is told what uploads bring and what it takes, by the threads that move their bytes: must not wait. Safe for threads. */
public interface UploadMeter {

    /** Measures nothing. */
    UploadMeter NONE = new UploadMeter() {
        @Override
        public void received(final int bytes) {
            // Nobody wants to know
        }

        @Override
        public void durable(final long nanos) {
            // Nobody wants to know
        }
    };

    /** More bytes of a body came. */
    void received(int bytes);

    /**
     * The files of a request are stored.
     *
     * @param nanos since its last byte came
     */
    void durable(long nanos);
}
