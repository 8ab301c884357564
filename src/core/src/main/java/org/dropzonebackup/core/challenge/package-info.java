/**
 * What keeps robots from flooding anonymous uploads: a proof of work (ALTCHA's protocol, version 1) for each request,
 * harder for who asks often, and so many files an hour from one network.
 */
package org.dropzonebackup.core.challenge;
