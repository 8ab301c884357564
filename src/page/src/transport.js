// How files reach the server: a few at once, each as an upload that can be resumed.
import { Delivery, detailOf } from './delivery.js';

const AT_ONCE = 3;
/** In one question. */
const MOST_RECEIPTS = 1000;

/**
 * @param credentials gives {user, password} when asked, both empty for an anonymous upload; each file is sent by those
 *   that there were when it was given to send, whatever is typed meanwhile
 * @param solutions of challenges, for anonymous uploads; none if they take none
 * @param chunkSize bytes that a request may have
 * @param events progress(id, bytes), stored(id, receipt), refused(id, status, sentence), stalled(id, sentence): it goes on by
 * itself, unreadable(id)
 */
export function createTransport(credentials, solutions, chunkSize, events) {
  let refusedSender = null;
  const queued = new Map();
  const underWay = new Map();
  const paused = new Map();

  function pump() {
    for (const [item, delivery] of queued) {
      if (refusedSender !== null) {
        // Would be refused for every other file too, and count as another guess
        queued.delete(item);
        events.refused(item, refusedSender.status, refusedSender.sentence);
      } else if (underWay.size < AT_ONCE) {
        queued.delete(item);
        underWay.set(item, delivery);
        delivery.begin();
      }
    }
  }

  function settle(item, tell) {
    if (underWay.delete(item)) {
      tell();
      pump();
    }
  }

  function take(item) {
    for (const place of [queued, underWay, paused]) {
      const delivery = place.get(item);
      if (delivery) {
        place.delete(item);
        return delivery;
      }
    }
    return undefined;
  }

  async function refused(item, status, sentence) {
    if (refusesSender(status) && refusedSender === null) {
      refusedSender = { status, sentence };
      solutions?.forget();
    }
    settle(item, () => events.refused(item, status, sentence));
  }

  function deliver(item, file) {
    const given = credentials();
    const headers = authorization(given);
    const sender = {
      name: given.user.toLowerCase(),
      headers,
      async solve() {
        if (!solutions || headers.Authorization) {
          return undefined;
        }
        const solution = solutions.take();
        if (queued.size > 0) {
          solutions.prepare();
        }
        return solution;
      },
    };
    return new Delivery(file, sender, chunkSize, {
      progress: (bytes) => events.progress(item, bytes),
      stored: (receipt) => settle(item, () => events.stored(item, receipt)),
      refused: (status, sentence) => refused(item, status, sentence),
      stalled: (sentence) => events.stalled(item, sentence),
      unreadable: () => settle(item, () => events.unreadable(item)),
    });
  }

  window.addEventListener('offline', () => underWay.forEach((delivery) => delivery.disconnected()));
  window.addEventListener('online', () => underWay.forEach((delivery) => delivery.begin()));

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

    /** What became of files of which there are signed receipts: [{path, state}], in their order. */
    async verify(receipts) {
      const found = [];
      for (let i = 0; i < receipts.length; i += MOST_RECEIPTS) {
        const answer = await fetch('verify', {
          method: 'POST',
          credentials: 'omit',
          headers: { ...authorization(credentials()), 'Content-Type': 'application/json', Accept: 'application/json' },
          body: JSON.stringify({ receipts: receipts.slice(i, i + MOST_RECEIPTS) }),
        });
        const text = await answer.text();
        if (!answer.ok) {
          return { sentence: detailOf(text) || String(answer.status) };
        }
        // A receipt whose entry the journal has lost proves that somebody altered the journal
        found.push(...JSON.parse(text).files.map((file) =>
          (file.state === 'stored' && file.journaled === false ? { ...file, state: 'unentered' } : file)));
      }
      return { found };
    },

    /** Sends files, each with the number by which the events name it. */
    send(items) {
      items.forEach(({ item, file }) => queued.set(item, deliver(item, file)));
      pump();
    },

    /** Holds it until it is resumed; what came is kept by the server. */
    pause(item) {
      const delivery = take(item);
      delivery.stop();
      paused.set(item, delivery);
      pump();
    },

    resume(item) {
      queued.set(item, take(item));
      pump();
    },

    cancel(item) {
      take(item).cancel();
      pump();
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
