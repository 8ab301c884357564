// A file's row: what it shows in each state. The markup is the page's template.
import { pathOf } from './gathering.js';

const SPEED_WINDOW = 0.3;
const LARGEST_PICTURE = 50e6;

export class Row {
  state = 'waiting';
  /** Whether it can never be sent. */
  hopeless = false;
  sent = 0;
  #lastTime;
  #lastSent = 0;
  #speed = 0;

  /** The signed receipt, once the file is stored; empty if the server gave none. */
  signed = '';

  /** @param acts retry(row), pause(row), remove(row), verify(row) */
  constructor(file, template, words, acts) {
    this.file = file;
    this.words = words;
    this.element = template.content.firstElementChild.cloneNode(true);
    this.find('.name').textContent = pathOf(file);
    this.find('progress').setAttribute('aria-label', words.say('progress-named', file.name));
    this.find('.retry').addEventListener('click', () => acts.retry(this));
    this.find('.pause').addEventListener('click', () => acts.pause(this));
    this.find('.remove').addEventListener('click', () => acts.remove(this));
    const verify = this.find('.verify');
    verify.hidden = !file.name.toLowerCase().endsWith('.jws');
    verify.setAttribute('aria-label', `${verify.textContent}: ${file.name}`);
    verify.addEventListener('click', () => acts.verify(this));
    this.show('waiting');
    this.#showPicture();
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  /** Whether the transport brings it on its way. */
  get underWay() {
    return this.canPause || this.state === 'storing';
  }

  /** Whether the transport has it. */
  get isBegun() {
    return this.underWay || this.state === 'paused';
  }

  get canPause() {
    return this.state === 'queued' || this.state === 'sending' || this.state === 'stalled';
  }

  get canRetry() {
    return this.state === 'refused' && !this.hopeless;
  }

  /** @param sentence one of the page's own */
  giveUp(sentence) {
    this.hopeless = true;
    this.show('refused', sentence);
  }

  /** @param refusal the server's sentence, or one of the page's own with its language */
  show(state, refusal = '', language = '') {
    this.state = state;
    this.element.dataset.state = state;
    const { words, file } = this;
    this.#lastTime = undefined;
    this.#speed = 0;
    if (!this.isBegun) {
      this.sent = state === 'done' ? file.size : 0;
    }
    this.facts(words.say(this.#wordFor(state)));
    this.find('progress').hidden = !this.isBegun;
    this.find('progress').value = file.size === 0 ? 0 : 100 * this.sent / file.size;
    const sentence = this.find('.refusal');
    sentence.textContent = refusal;
    sentence.hidden = refusal === '';
    sentence.lang = language || document.documentElement.lang;
    const retry = this.find('.retry');
    retry.hidden = !this.canRetry;
    retry.setAttribute('aria-label', `${retry.textContent}: ${file.name}`);
    const remove = this.find('.remove');
    remove.textContent = words.say(this.isBegun ? 'cancel' : 'remove');
    remove.setAttribute('aria-label', `${remove.textContent}: ${file.name}`);
    this.#showPause();
  }

  #wordFor(state) {
    if (state === 'stalled') {
      return navigator.onLine ? 'no-answer' : 'offline';
    }
    return state === 'queued' ? 'waiting' : state;
  }

  /** Whoever has pressed it last does not lose the place on the page when it goes. */
  #showPause() {
    const pause = this.find('.pause');
    const hidden = !this.canPause && this.state !== 'paused';
    const focused = document.activeElement === pause;
    const paused = this.state === 'paused';
    pause.textContent = this.words.say(paused ? 'resume' : 'pause');
    pause.setAttribute('aria-label', `${pause.textContent}: ${this.file.name}`);
    pause.hidden = hidden;
    if (hidden && focused) {
      this.find('.remove').focus();
    }
  }

  progress(bytes) {
    if (!this.underWay) {
      return;
    }
    if (this.state !== 'sending' && bytes < this.file.size) {
      this.show('sending');
    }
    const now = performance.now() / 1000;
    if (this.#lastTime === undefined) {
      this.#lastTime = now;
      this.#lastSent = bytes;
    } else if (now - this.#lastTime >= SPEED_WINDOW) {
      const speed = (bytes - this.#lastSent) / (now - this.#lastTime);
      this.#speed = this.#speed === 0 ? speed : 0.7 * this.#speed + 0.3 * speed;
      this.#lastTime = now;
      this.#lastSent = bytes;
    }
    this.sent = bytes;
    const { words, file } = this;
    this.find('progress').value = file.size === 0 ? 100 : 100 * bytes / file.size;
    if (bytes >= file.size) {
      this.state = 'storing';
      this.element.dataset.state = 'storing';
      this.facts(words.say('storing'));
      this.#showPause();
    } else if (this.#speed > 0) {
      this.facts(`${words.size(this.#speed)}/s`,
        words.say('left', words.duration((file.size - bytes) / this.#speed)));
    } else {
      this.facts(words.say('sending'));
    }
  }

  stored(receipt) {
    this.show('done');
    this.find('.digest').hidden = false;
    this.find('.digest code').textContent = receipt.sha256;
    this.find('.name').textContent = receipt.name;
    this.signed = receipt.signed;
  }

  /** @param found what became of the files whose receipts are in this one */
  verified(found) {
    const { words } = this;
    const verdict = this.find('.verdict');
    const wrong = found.filter(({ state }) => state !== 'stored');
    verdict.textContent = [words.say('verified', found.length - wrong.length, found.length),
      ...wrong.map(({ path, state }) => `${path ?? '?'}: ${words.say(`state-${state}`)}`)].join('\n');
    verdict.hidden = false;
  }

  facts(...parts) {
    const size = this.words.size(this.file.size);
    const text = this.sent > 0 && this.isBegun ? `${this.words.size(this.sent)} / ${size}` : size;
    this.find('.facts').textContent = [text, ...parts].join(' · ');
  }

  async #showPicture() {
    if (!/^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(this.file.type) || this.file.size > LARGEST_PICTURE) {
      return;
    }
    try {
      const bitmap = await createImageBitmap(this.file, { resizeHeight: 96, resizeQuality: 'medium' });
      const canvas = document.createElement('canvas');
      canvas.width = bitmap.width;
      canvas.height = bitmap.height;
      canvas.getContext('2d').drawImage(bitmap, 0, 0);
      bitmap.close();
      canvas.toBlob((blob) => {
        const image = this.find('img');
        image.addEventListener('load', () => URL.revokeObjectURL(image.src), { once: true });
        image.src = URL.createObjectURL(blob);
        image.hidden = false;
      });
    } catch {
      // Not every file that says so is a picture
    }
  }
}
