/** Sizes and durations as people write them, and the table of a help text. Imports nothing. */
package org.dropzonebackup.core.units;
