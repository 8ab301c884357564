/** Small files that people edit and programs replace: reading text, atomic replacement, locks, ownership. */
package org.dropzonebackup.core.files;
