/**
 * The contract of a store: directories that take staged uploads, and publish them whole or not at all. Nothing in it
 * reads a backup back to anybody; a stored file is read only to compare its digest.
 */
package org.dropzonebackup.core.store;
