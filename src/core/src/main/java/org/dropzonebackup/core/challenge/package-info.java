/**
 * Protects anonymous uploads from robots: each request takes a proof of work (ALTCHA's protocol, version 1), which is harder
 * for networks that ask often, and the number of files per network and hour is limited.
 */
package org.dropzonebackup.core.challenge;
