// A page that uploads with Uppy, as its documentation shows it, but for retries: what is refused is refused.
import Uppy from '@uppy/core';
import Tus from '@uppy/tus';
import XHRUpload from '@uppy/xhr-upload';

/** Uploads a file; tells what Uppy made of it, and of the answer. */
window.upload = async (plugin, server, headers, name, content) => {
  const told = {};
  const uppy = new Uppy();
  if (plugin === 'tus') {
    uppy.use(Tus, {
      endpoint: `${server}files`,
      headers,
      retryDelays: [],
      onAfterResponse: (request, response) => {
        told.digest = response.getHeader('Repr-Digest');
      },
    });
  } else {
    uppy.use(XHRUpload, { endpoint: `${server}upload`, headers, shouldRetry: () => false });
  }
  uppy.on('upload-error', (file, error, answer) => {
    told.refusal = answer?.responseText;
  });
  uppy.addFile({ name, data: new Blob([content]) });
  const { successful, failed } = await uppy.upload();
  return { ...told, stored: successful.length, failed: failed.length, body: successful[0]?.response.body };
};
document.title = 'ready';
