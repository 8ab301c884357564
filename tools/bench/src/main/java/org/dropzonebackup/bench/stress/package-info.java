/** How long anybody waits for an answer while a server is under every load that could keep others waiting. */
package org.dropzonebackup.bench.stress;
