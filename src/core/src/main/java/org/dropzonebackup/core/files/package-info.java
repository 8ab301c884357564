/** Files that are read while others replace them. */
package org.dropzonebackup.core.files;
