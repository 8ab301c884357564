/** The reasons for refusing an upload: typed, with their numbers, independent of HTTP. Imports only units. */
package org.dropzonebackup.core.refusal;
