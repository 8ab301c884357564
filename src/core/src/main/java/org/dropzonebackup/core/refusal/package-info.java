/** The expected ways to say no: typed, with their numbers, and without a word of HTTP. Imports only units. */
package org.dropzonebackup.core.refusal;
