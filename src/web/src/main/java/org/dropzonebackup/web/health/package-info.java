/** Tells load balancers and service managers at {@code /health} whether the server takes uploads. */
package org.dropzonebackup.web.health;
