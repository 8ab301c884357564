// The upload page: a queue of files in place of the form's plain file field. Without this script the form still works.
import { gather, pathOf } from './gathering.js';
import { Row } from './row.js';
import { createSolutions } from './solutions.js';
import { createTransport, refusesSender } from './transport.js';
import { createWords } from './words.js';

const page = (id) => document.getElementById(id);
const terms = page('page').dataset;
const words = createWords(JSON.parse(terms.texts), document.documentElement.lang);
const maxFileSize = Number(terms.maxFileSize);

const rows = new Map();
let lastNumber = 0;
let wakeLock;

const solutions = terms.challenge === 'true' ? createSolutions((solved) => {
  page('proof').textContent = words.say(solved ? 'solved' : 'solving');
}) : undefined;

const transport = createTransport(
  () => ({ user: page('username').value.trim(), password: page('password').value }),
  solutions,
  Number(terms.chunkSize) || Infinity,
  {
    progress(number, bytes) {
      rows.get(number)?.progress(bytes);
      showTotal();
    },
    stored(number, receipt) {
      finish(number, (row) => row.stored(receipt), words.say('news-done', receipt.name));
    },
    refused(number, status, sentence) {
      if (refusesSender(status)) {
        finish(number, (row) => row.show('waiting'), '');
        complain(sentence, 'en');
      } else {
        finish(number, (row) => row.show('refused', sentence, 'en'),
          words.say('news-refused', rows.get(number).file.name, sentence));
      }
    },
    stalled(number, sentence) {
      const row = rows.get(number);
      const news = row?.state === 'stalled' ? page('news').textContent : words.say('news-stalled', row?.file.name);
      finish(number, () => row.show('stalled', sentence, 'en'), news);
    },
    unreadable(number) {
      finish(number, (row) => row.giveUp(words.say('unreadable')),
        words.say('news-refused', rows.get(number).file.name, words.say('unreadable')));
    },
  },
);

function finish(number, change, news) {
  const row = rows.get(number);
  if (row) {
    change(row);
    page('news').textContent = news;
    showTotal();
  }
}

function take(files) {
  let added = 0;
  for (const file of files) {
    const [[earlier, known] = []] = rowsThat((row) => row.state !== 'done' && isSame(row.file, file));
    if (known && !known.hopeless) {
      page('news').textContent = words.say('twice', file.name);
      continue;
    }
    if (known) {
      known.element.remove();
      rows.delete(earlier);
    }
    const number = ++lastNumber;
    const row = new Row(file, page('row'), words, {
      retry: () => start([[number, row]]),
      pause: () => pauseOrResume(number, row),
      remove: () => removeOrCancel(number, row),
      verify: () => verify(row),
    });
    if (file.size > maxFileSize) {
      row.giveUp(words.say('too-large', ...words.sizes(file.size, maxFileSize)));
    }
    rows.set(number, row);
    page('rows').append(row.element);
    added += 1;
  }
  if (added > 0) {
    page('news').textContent = words.say('news-added', added);
    if (isAnonymous()) {
      solutions?.prepare();
    }
  }
  complain('');
  showTotal();
}

function isAnonymous() {
  return terms.anonymous === 'true' && page('username').value.trim() === '' && page('password').value === '';
}

function isSame(one, other) {
  return pathOf(one) === pathOf(other) && one.size === other.size && one.lastModified === other.lastModified;
}

function pauseOrResume(number, row) {
  if (row.state === 'paused') {
    row.show('queued');
    page('news').textContent = words.say('news-resumed', row.file.name);
    transport.resume(number);
  } else {
    row.show('paused');
    page('news').textContent = words.say('news-paused', row.file.name);
    transport.pause(number);
  }
  showTotal();
}

function removeOrCancel(number, row) {
  if (row.isBegun) {
    transport.cancel(number);
    row.show('waiting');
  } else {
    const next = row.element.nextElementSibling ?? row.element.previousElementSibling;
    row.element.remove();
    rows.delete(number);
    (next?.querySelector('.remove') ?? page('choose')).focus();
  }
  showTotal();
}

/** The password is asked for again and the queue stays as it is. */
function complain(sentence, language = document.documentElement.lang) {
  page('login-alert').lang = language;
  page('login-alert').textContent = sentence;
  for (const field of [page('username'), page('password')]) {
    field.toggleAttribute('aria-invalid', false);
    if (sentence !== '' && !isAnonymous()) {
      field.setAttribute('aria-invalid', 'true');
    }
  }
}

let starting = false;

async function start(chosen) {
  if (starting || chosen.length === 0) {
    return;
  }
  const user = page('username').value.trim();
  const password = page('password').value;
  if ((user === '' || password === '') && !isAnonymous()) {
    complain(words.say('need-login'));
    page(user === '' ? 'username' : 'password').focus();
    return;
  }
  starting = true;
  try {
    const login = await transport.login();
    if (login.ok) {
      complain('');
      const sent = chosen.filter(([number]) => rows.has(number));
      sent.forEach(([, row]) => row.show('queued'));
      transport.send(sent.map(([number, row]) => ({ item: number, file: row.file })));
    } else {
      complain(login.sentence ?? String(login.status), 'en');
      page('password').select();
    }
  } catch {
    complain(words.say('unreachable'));
  } finally {
    starting = false;
    showTotal();
  }
}

async function verify(row) {
  try {
    const receipts = (await row.file.text()).split(/\s+/).filter((line) => line !== '');
    const { found, sentence } = await transport.verify(receipts);
    complain(sentence ?? '', 'en');
    if (found) {
      row.verified(found);
      page('news').textContent = row.find('.verdict').textContent;
    }
  } catch {
    complain(words.say('unreachable'));
  }
}

function saveReceipts() {
  const receipts = rowsThat((row) => row.signed !== '').map(([, row]) => `${row.signed}\n`);
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(receipts));
  link.download = 'receipts.jws';
  link.click();
  URL.revokeObjectURL(link.href);
}

function rowsThat(condition) {
  return [...rows.entries()].filter(([, row]) => condition(row));
}

function showTotal() {
  const all = [...rows.values()].filter((row) => !row.hopeless);
  const underWay = all.filter((row) => row.underWay);
  const done = all.filter((row) => row.state === 'done');
  const bytes = all.reduce((sum, row) => sum + row.file.size, 0);
  const sent = all.reduce((sum, row) => sum + row.sent, 0);
  page('queue').hidden = rows.size === 0;
  page('total').value = bytes === 0 ? (done.length === all.length ? 100 : 0) : 100 * sent / bytes;
  page('total-facts').textContent =
    `${words.say('total', done.length, rows.size)} · ${words.size(sent)} / ${words.size(bytes)}`;
  page('pause-all').hidden = !all.some((row) => row.canPause);
  page('resume-all').hidden = !all.some((row) => row.state === 'paused');
  page('cancel-all').hidden = !all.some((row) => row.isBegun);
  page('retry-all').hidden = !all.some((row) => row.canRetry);
  page('remove-done').hidden = done.length === 0;
  page('save-receipts').hidden = !done.some((row) => row.signed !== '');
  keepAwake(underWay.length > 0);
}

async function keepAwake(wanted) {
  if (wanted && wakeLock === undefined && navigator.wakeLock && document.visibilityState === 'visible') {
    wakeLock = null;
    try {
      wakeLock = await navigator.wakeLock.request('screen');
      wakeLock.addEventListener('release', () => {
        wakeLock = undefined;
      });
    } catch {
      // The browser may say no, for example to save its battery
      wakeLock = undefined;
    }
  } else if (!wanted && wakeLock) {
    wakeLock.release();
  }
}

page('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const waiting = rowsThat((row) => row.state === 'waiting');
  if (waiting.length === 0) {
    page('news').textContent = words.say('need-files');
    page('choose').focus();
  }
  start(waiting);
});
for (const [button, other, fits] of [['pause-all', 'resume-all', (row) => row.canPause],
  ['resume-all', 'pause-all', (row) => row.state === 'paused']]) {
  page(button).addEventListener('click', () => {
    rowsThat(fits).forEach(([number, row]) => pauseOrResume(number, row));
    (page(other).hidden ? page('start') : page(other)).focus();
  });
}
page('cancel-all').addEventListener('click', () => {
  rowsThat((row) => row.isBegun).forEach(([number, row]) => removeOrCancel(number, row));
  page('start').focus();
});
page('save-receipts').addEventListener('click', saveReceipts);
page('retry-all').addEventListener('click', () => start(rowsThat((row) => row.canRetry)));
page('remove-done').addEventListener('click', () => {
  rowsThat((row) => row.state === 'done').forEach(([number, row]) => {
    row.element.remove();
    rows.delete(number);
  });
  showTotal();
  page('choose').focus();
});
window.addEventListener('beforeunload', (event) => {
  if ([...rows.values()].some((row) => row.underWay)) {
    event.preventDefault();
  }
});
document.addEventListener('visibilitychange', showTotal);

for (const id of ['scripted', 'drop-hint', ...(solutions ? ['optional'] : [])]) {
  page(id).hidden = false;
}
page('files').closest('p').hidden = true;
gather(page, take);
document.documentElement.dataset.script = 'ready';
