/** How people write sizes and durations, in settings, in the users file and in sentences. Imports nothing. */
package org.dropzonebackup.core.units;
