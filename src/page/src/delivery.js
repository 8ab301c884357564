// A file on its way, by tus: what breaks off goes on where it was, as long as there is hope.
import { Upload } from 'tus-js-client';
import { pathOf } from './gathering.js';

const FIRST_DELAY = 1000;
const LONGEST_DELAY = 30_000;
/** No byte left for so long: the connection is dead, though nobody has said so. */
const SILENCE = 120_000;
/** The latest cancellation of each file, by fingerprint: until the server has answered it, the address of the upload is kept. */
const cancellations = new Map();

export class Delivery {
  #upload;
  #file;
  #sender;
  #tell;
  #fingerprint;
  #solution;
  #timer;
  #silence;
  /** Grows whenever it begins or stops: what was begun before is nobody's business then. */
  #turn = 0;
  #failures = 0;
  #furthest = 0;

  /**
   * @param sender name, headers of each request, solve() for a request that makes an upload
   * @param tell progress(bytes), stored(receipt), refused(status, sentence), stalled(sentence), unreadable()
   */
  constructor(file, sender, chunkSize, tell) {
    this.#file = file;
    this.#sender = sender;
    this.#tell = tell;
    this.#fingerprint = JSON.stringify([sender.name, pathOf(file), file.size, file.lastModified]);
    this.#upload = new Upload(file, {
      endpoint: new URL('files', document.baseURI).href,
      metadata: { filename: pathOf(file).toWellFormed?.() ?? pathOf(file) },
      chunkSize,
      // What is to be done after a failure is decided here
      retryDelays: null,
      // The browser keeps where an upload is, and of whom and which file, so that a page that is loaded again finds it. The
      // address opens nothing without the password; uploads without a name have none, so theirs are not kept
      storeFingerprintForResuming: sender.name !== '',
      removeFingerprintOnSuccess: true,
      fingerprint: async () => this.#fingerprint,
      onBeforeRequest: (request) => this.#sign(request),
      onAfterResponse: (request, response) => keepAddress(request, response),
      onProgress: (bytes) => this.#progress(bytes),
      onSuccess: ({ lastResponse }) => {
        this.#rest();
        const receipt = receiptOf(lastResponse);
        this.#forget();
        tell.stored(receipt);
      },
      onError: (error) => this.#failed(error),
    });
  }

  /** Begins, or goes on. */
  async begin() {
    this.stop();
    const turn = this.#turn;
    try {
      await cancellations.get(this.#fingerprint);
      if (this.#upload.url === null && this.#sender.name !== '') {
        const [known] = (await this.#upload.findPreviousUploads()).slice(-1);
        if (known) {
          this.#upload.resumeFromPreviousUpload(known);
        }
      }
      this.#solution = this.#upload.url === null ? await this.#sender.solve() : undefined;
    } catch {
      // The challenge could not be fetched
      if (turn === this.#turn) {
        this.#stall('');
      }
      return;
    }
    if (turn === this.#turn) {
      this.#upload.start();
    }
  }

  /** What came is kept by the server. */
  stop() {
    this.#rest();
    this.#upload.abort();
  }

  /** Nothing is under way. To abort a request that is answered would take its answer away. */
  #rest() {
    this.#turn += 1;
    clearTimeout(this.#timer);
    clearTimeout(this.#silence);
  }

  /** Ends it for good; where the server cannot be told it expires there. */
  cancel() {
    this.stop();
    const cancelled = this.#upload.abort(true).catch(() => {
      // It cannot be reached
    });
    cancellations.set(this.#fingerprint, cancelled);
  }

  /** Else the server would remember of each file for days that it was stored, in the directory that it is stored in. */
  #forget() {
    this.#upload.abort(true).catch(() => {
      // It expires there
    });
  }

  /** The network is gone: what is under way would only be found dead later. */
  disconnected() {
    this.stop();
    this.#stall('');
  }

  #sign(request) {
    const headers = { ...this.#sender.headers, Accept: 'application/json, application/jose' };
    if (request.getMethod() === 'POST' && this.#solution) {
      headers.Altcha = this.#solution;
    }
    Object.entries(headers).forEach(([name, value]) => request.setHeader(name, value));
  }

  #progress(bytes) {
    if (bytes > this.#furthest) {
      this.#furthest = bytes;
      this.#failures = 0;
    }
    clearTimeout(this.#silence);
    if (bytes < this.#file.size) {
      this.#silence = setTimeout(() => this.disconnected(), SILENCE);
    }
    this.#tell.progress(bytes);
  }

  async #failed(error) {
    this.#rest();
    const response = error.originalResponse ?? error.causingError?.response;
    const status = response?.getStatus() ?? 0;
    const sentence = status < 400 ? '' : detailOf(response.getBody());
    if (response && isFinal(response, error.originalRequest?.getMethod())) {
      this.#tell.refused(status, sentence || `${status} ${response.getUnderlyingObject().statusText}`.trim());
      return;
    }
    const turn = this.#turn;
    const readable = await isReadable(this.#file);
    if (turn !== this.#turn) {
      return;
    }
    if (readable) {
      this.#stall(sentence, Number(response?.getHeader('Retry-After')));
    } else {
      this.#tell.unreadable();
    }
  }

  /** Tries again, later each time; once the network is back at once. */
  #stall(sentence, seconds = 0) {
    const delay = Math.max(Math.min(FIRST_DELAY * 2 ** this.#failures, LONGEST_DELAY), 1000 * (seconds || 0));
    this.#failures += 1;
    this.#timer = setTimeout(() => this.begin(), delay * (0.75 + Math.random() / 2));
    this.#tell.stalled(sentence);
  }
}

/** tus-js-client would forget an upload, and make a new one, whatever the answer is to the question where it was. */
function keepAddress(request, response) {
  if (request.getMethod() === 'HEAD' && response.getStatus() >= 400 && !isGone(response)) {
    throw Object.assign(new Error('not told how far it is'), { response });
  }
}

/** By the server's own word: a proxy, or a container whose application has just stopped, finds nothing at all. */
function isGone(response) {
  return isNotFound(response.getStatus()) && response.getHeader('Tus-Resumable') !== null;
}

function isNotFound(status) {
  return status === 404 || status === 410;
}

/** Another try would be answered the same. To a piece 409 says where the upload really is, 404 that it has to begin anew. */
function isFinal(response, method) {
  const status = response.getStatus();
  if (isNotFound(status)) {
    return method === 'POST' && isGone(response);
  }
  if (status === 408 || status === 423 || method !== 'POST' && status === 409) {
    return false;
  }
  return status === 507 || status >= 400 && status < 500;
}

async function isReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

function receiptOf(response) {
  const digest = atob(/sha-256=:([^:]*):/.exec(response.getHeader('Repr-Digest'))[1]);
  return {
    name: decodeURIComponent(/filename\*=UTF-8''(.*)/.exec(response.getHeader('Content-Disposition'))[1]),
    signed: response.getHeader('Upload-Receipt') ?? '',
    sha256: [...digest].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join(''),
  };
}

/** A refusal's sentence, if it is one of the server's and not of a proxy. */
export function detailOf(text) {
  try {
    return JSON.parse(text).detail ?? '';
  } catch {
    return '';
  }
}
