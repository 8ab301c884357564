/** Answers: how a refusal becomes a status, how it reaches a client that is still sending, and what the audit log is told. */
package org.dropzonebackup.web.problem;
