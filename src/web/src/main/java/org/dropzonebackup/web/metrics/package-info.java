/**
 * Metrics for Prometheus. What is counted is added to by the threads that do it, without waiting: a counter is a
 * {@link java.util.concurrent.atomic.LongAdder} or the like, and a histogram hands what it observes on, under a lock that guards one
 * array, while it is being read. All else is asked for when somebody reads. No label has a value that a client has chosen.
 */
package org.dropzonebackup.web.metrics;
