// A file's row: what it shows in each state. The markup is the page's template.

const SPEED_WINDOW = 0.3;
const LARGEST_PICTURE = 50e6;

export class Row {
  state = 'waiting';
  sent = 0;
  #lastTime;
  #lastSent = 0;
  #speed = 0;

  /** @param acts retry(row), remove(row) */
  constructor(file, template, words, acts) {
    this.file = file;
    this.words = words;
    this.element = template.content.firstElementChild.cloneNode(true);
    this.find('.name').textContent = file.relativePath?.replace(/^\//, '') || file.webkitRelativePath || file.name;
    this.find('progress').setAttribute('aria-label', words.say('progress-named', file.name));
    this.find('.retry').addEventListener('click', () => acts.retry(this));
    this.find('.remove').addEventListener('click', () => acts.remove(this));
    this.show('waiting');
    this.#showPicture();
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  /** Whether the transport has it. */
  get underWay() {
    return this.state === 'queued' || this.state === 'sending' || this.state === 'storing';
  }

  get canRetry() {
    return this.state === 'failed' || this.state === 'refused' && !this.hopeless;
  }

  /** @param refusal the server's sentence, or one of the page's own with its language */
  show(state, refusal = '', language = '') {
    this.state = state;
    this.element.dataset.state = state;
    const { words, file } = this;
    if (state !== 'sending' && state !== 'storing') {
      this.#lastTime = undefined;
      this.sent = state === 'done' ? file.size : 0;
    }
    this.facts(words.say(state === 'queued' ? 'waiting' : state));
    this.find('progress').hidden = !this.underWay;
    this.find('progress').value = 0;
    const sentence = this.find('.refusal');
    sentence.textContent = refusal;
    sentence.hidden = refusal === '';
    sentence.lang = language || document.documentElement.lang;
    const retry = this.find('.retry');
    retry.hidden = !this.canRetry;
    retry.setAttribute('aria-label', `${retry.textContent}: ${file.name}`);
    const remove = this.find('.remove');
    remove.textContent = words.say(this.underWay ? 'cancel' : 'remove');
    remove.setAttribute('aria-label', `${remove.textContent}: ${file.name}`);
  }

  progress(bytes) {
    if (!this.underWay) {
      return;
    }
    if (this.state === 'queued') {
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
  }

  facts(...parts) {
    const size = this.words.size(this.file.size);
    const text = this.sent > 0 && this.underWay ? `${this.words.size(this.sent)} / ${size}` : size;
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
