/** Decides who may upload: verifies passwords at bounded cost, caches the result briefly, and slows down guessing. */
package org.dropzonebackup.core.auth;
