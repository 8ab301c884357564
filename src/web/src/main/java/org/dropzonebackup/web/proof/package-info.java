/** What lets clients prove that a file is stored: the public keys of receipts, and the state of files that they have receipts of. */
package org.dropzonebackup.web.proof;
