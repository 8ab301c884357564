// How files reach the server. Nothing outside of this module knows that it is one XMLHttpRequest for each file: another
// way (resumable uploads by Uppy's tus plugin) would change only this one.
import { Uppy } from '@uppy/core';
import XHRUpload from '@uppy/xhr-upload';

const AT_ONCE = 3;

/**
 * @param credentials gives {user, password} when asked, both empty for an anonymous upload; they are kept nowhere here
 * @param solutions of challenges, for anonymous uploads; none if they take none
 * @param events progress(id, bytes), stored(id, receipt), refused(id, status, sentence), lost(id)
 */
export function createTransport(credentials, solutions, events) {
  const uppy = new Uppy({ autoProceed: false, allowMultipleUploadBatches: true, logger: silent });
  let refusedSender = null;
  const sending = new Map();
  const solved = new Map();

  uppy.use(XHRUpload, {
    // A login that was refused would be refused for every other file too, and count as another guess
    endpoint: async (file) => {
      if (refusedSender !== null) {
        const { status, sentence } = refusedSender;
        settle(file.meta.item, () => events.refused(file.meta.item, status, sentence));
        throw new Error(sentence);
      }
      if (solutions && !authorization(credentials()).Authorization) {
        await solveFor(file);
      }
      return 'upload';
    },
    onBeforeRequest(request, retries, [file]) {
      if (solved.has(file.id)) {
        request.setRequestHeader('Altcha', solved.get(file.id));
        solved.delete(file.id);
      }
    },
    // The body is the file itself: so its length, and whatever refuses it, is known before its first byte
    formData: false,
    headers: (file) => ({
      ...authorization(credentials()),
      Accept: 'application/json',
      'Content-Type': 'application/octet-stream',
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeExtended(file.name)}`,
    }),
    limit: AT_ONCE,
    // A large file may take long to reach stable storage after its last byte
    timeout: 0,
    // The answer to a file that was stored may have been lost: the person decides
    shouldRetry: () => false,
  });

  uppy.on('upload-progress', (file, progress) => {
    if (file) {
      events.progress(file.meta.item, progress.bytesUploaded);
    }
  });
  uppy.on('upload-success', (file, response) => {
    settle(file.meta.item, () => events.stored(file.meta.item, response.body.files[0]));
  });
  uppy.on('upload-error', (file, error, request) => {
    const item = file.meta.item;
    if (!request || request.status === 0) {
      settle(item, () => events.lost(item));
      return;
    }
    const sentence = detailOf(request.responseText) ?? `${request.status} ${request.statusText}`;
    if (refusesSender(request.status)) {
      refusedSender = { status: request.status, sentence };
      solutions?.forget();
    }
    settle(item, () => events.refused(item, request.status, sentence));
  });

  async function solveFor(file) {
    const solution = solutions.take();
    if (sending.size > AT_ONCE) {
      solutions.prepare();
    }
    try {
      solved.set(file.id, await solution);
    } catch (error) {
      settle(file.meta.item, () => events.lost(file.meta.item));
      throw error;
    }
  }

  /** Uppy forgets a file when it is through with it; what became of it is told afterwards. */
  function settle(item, tell) {
    const id = sending.get(item);
    if (sending.delete(item)) {
      setTimeout(() => {
        uppy.removeFile(id);
        tell();
      });
    }
  }

  return {
    /** Whether the sender may upload; else the sentence to show. Nothing is sent to who need not log in. */
    async login() {
      refusedSender = null;
      const headers = authorization(credentials());
      if (!headers.Authorization) {
        return { ok: true };
      }
      const answer = await fetch('login', {
        method: 'POST',
        // Else a browser would ask with a window of its own
        credentials: 'omit',
        headers: { ...headers, Accept: 'application/json' },
      });
      return { ok: answer.ok, status: answer.status, sentence: answer.ok ? '' : detailOf(await answer.text()) };
    },

    /** Sends files, each with the number by which the events name it. */
    send(items) {
      for (const { item, file } of items) {
        sending.set(item, uppy.addFile({
          name: file.name, type: file.type, data: file, meta: { item, relativePath: String(item) },
        }));
      }
      uppy.upload().catch(() => {
        // Each file was told of already
      });
    },

    cancel(item) {
      const id = sending.get(item);
      if (sending.delete(item)) {
        uppy.removeFile(id);
      }
    },
  };
}

/** 401, 403: wrong credentials; 429: too many of them. */
export function refusesSender(status) {
  return status === 401 || status === 403 || status === 429;
}

function authorization({ user, password }) {
  if (user === '' && password === '') {
    return {};
  }
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  return { Authorization: `Basic ${btoa(String.fromCharCode(...bytes))}` };
}

/** RFC 8187. */
function encodeExtended(name) {
  return encodeURIComponent(name.toWellFormed?.() ?? name)
    .replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function detailOf(text) {
  try {
    return JSON.parse(text).detail ?? null;
  } catch {
    return null;
  }
}

const silent = { debug() {}, warn() {}, error() {} };
