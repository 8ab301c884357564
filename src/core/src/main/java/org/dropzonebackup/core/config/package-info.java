/** The settings: typed, with defaults, from several sources; all problems are reported at once. */
package org.dropzonebackup.core.config;
