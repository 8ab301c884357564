/** Uploads that arrive although the line breaks again and again and the server is killed: by clients that others wrote. */
package org.dropzonebackup.bench.cuts;
