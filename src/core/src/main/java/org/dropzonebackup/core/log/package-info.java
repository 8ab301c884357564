/** Logs for administrators: the audit log, and a log that does not repeat itself. Imports nothing. */
package org.dropzonebackup.core.log;
