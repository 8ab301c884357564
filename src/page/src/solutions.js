// Solutions of challenges, of which each anonymous upload takes one: computed ahead in a worker, while the person picks
// files or the file before is sent.

/** How long one may lie here; the server takes it for ten minutes after the challenge was fetched. */
const FRESH = 8 * 60 * 1000;

/** @param tell is told false when the first one is begun, and true when it is there */
export function createSolutions(tell) {
  let worker;
  let ahead = null;
  let told;

  function news(solved) {
    if (told !== true && told !== solved) {
      told = solved;
      tell(solved);
    }
  }

  async function solve() {
    news(false);
    const answer = await fetch('challenge', { headers: { Accept: 'application/json' } });
    if (!answer.ok) {
      throw new Error(`no challenge: ${answer.status}`);
    }
    const challenge = await answer.json();
    const number = await compute(challenge);
    news(true);
    return btoa(JSON.stringify({ ...challenge, number }));
  }

  function compute(challenge) {
    worker ??= new Worker(new URL('solver.js', import.meta.url));
    return new Promise((resolve, reject) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => resolve(data);
      worker.addEventListener('error', reject, { once: true });
      worker.postMessage(challenge, [port2]);
    });
  }

  function prepare() {
    if (ahead === null || Date.now() - ahead.begun > FRESH) {
      const mine = { solution: solve(), begun: Date.now() };
      ahead = mine;
      mine.solution.catch(() => {
        // Whoever takes it is told; nobody takes it later
        if (ahead === mine) {
          ahead = null;
        }
      });
    }
    return ahead.solution;
  }

  return {
    /** Begins to compute one, unless there is one. */
    prepare,

    /** Gives the one that was prepared, for a single request: what goes into the header Altcha. */
    take() {
      const solution = prepare();
      ahead = null;
      return solution;
    },

    /** The server took none: what was prepared may be of no use either. */
    forget() {
      ahead = null;
    },
  };
}
