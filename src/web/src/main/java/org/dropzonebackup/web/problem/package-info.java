/** Answers: how a refusal becomes a status, and how it reaches a client that is still sending. */
package org.dropzonebackup.web.problem;
