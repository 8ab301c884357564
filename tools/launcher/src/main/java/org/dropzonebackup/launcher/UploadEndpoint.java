package org.dropzonebackup.launcher;

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.dropzonebackup.core.receive.Readers;

/** Tomcat's endpoint, except that {@link Readers} read what is there of large uploads. */
final class UploadEndpoint extends NioEndpoint {

    private final Readers readers;

    UploadEndpoint(final Readers readers) {
        this.readers = readers;
    }

    @Override
    public boolean processSocket(final SocketWrapperBase<NioChannel> socket, final SocketEvent event, final boolean dispatch) {
        if (dispatch && event == SocketEvent.OPEN_READ && socket != null
                && socket.getCurrentProcessor() instanceof UploadProtocol.UploadProcessor upload && upload.takesTurns()) {
            readers.execute(createSocketProcessor(socket, event));
            return true;
        }
        return super.processSocket(socket, event, dispatch);
    }
}
