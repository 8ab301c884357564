/** What the headers of a request or of a part say, whatever is done with it: names, lengths, digests, preconditions. */
package org.dropzonebackup.web.headers;
