/** The settings: typed, with their defaults, from whatever source, and all that is wrong with them at once. */
package org.dropzonebackup.core.config;
