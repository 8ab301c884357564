/** Who sends: credentials and address of a request, judged before anything of its body is read. */
package org.dropzonebackup.web.auth;
