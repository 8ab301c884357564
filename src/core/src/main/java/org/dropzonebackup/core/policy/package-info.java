/** What may be stored: names, sizes, and space that is reserved before it is used. */
package org.dropzonebackup.core.policy;
