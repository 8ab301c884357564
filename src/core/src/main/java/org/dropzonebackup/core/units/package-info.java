/** How people write sizes and durations, in settings, in the users file and in sentences, and how they are helped. Imports nothing. */
package org.dropzonebackup.core.units;
