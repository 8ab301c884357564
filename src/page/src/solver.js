// A worker: solves the challenges that it is sent, each answered on the port that came with it. The hash is a library's
// and not the browser's: crypto.subtle is missing over plain HTTP, and slower, as it answers each of so many short
// questions by a promise.
import { sha256 } from '@noble/hashes/sha2.js';

const encoder = new TextEncoder();

function solve({ challenge, salt, maxnumber }) {
  const wanted = challenge.match(/../g).map((digits) => parseInt(digits, 16));
  for (let number = 0; number <= maxnumber; number += 1) {
    const hash = sha256(encoder.encode(salt + number));
    if (wanted.every((byte, i) => hash[i] === byte)) {
      return number;
    }
  }
  throw new Error(`no number up to ${maxnumber} solves this challenge`);
}

self.addEventListener('message', ({ data, ports }) => ports[0].postMessage(solve(data)));
