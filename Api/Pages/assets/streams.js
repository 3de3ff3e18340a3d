// The list of streams. The server filters, searches, sorts, counts and pages; the feed keeps the rows on the page up to date in between. What
// changes is gathered, written a few times a second with a frame, and only where the text differs: nobody reads faster.
import { announceChange, follow } from './connection.js';
import { bitrate, contested, count, duration, fps, none, note, slow, speed } from './format.js';
import { fetchDocument, morph } from './morph.js';
import { urlOf } from './service.js';

const list = document.getElementById('list');
const paintEvery = 200;
const reloadEvery = 1000;
const typingPause = 250;
const streams = new Map();
const dirty = new Set();
let painting = 0;
let reloading = 0;
let reloadedAt = 0;
let typing = 0;
let asked = 0;

const texts = {
  phase: stream => stream.phase,
  note: (stream, now) => note(stream, now),
  slow: stream => slow(stream.slowSpeed),
  contested: stream => contested(stream.isContested),
  source: stream => stream.sourceType ?? none,
  uptime: (stream, now) => duration(stream.workerStartedAt ? now - Date.parse(stream.workerStartedAt) : null),
  fps: stream => fps(stream.fps),
  speed: stream => speed(stream.speed),
  input: stream => bitrate(stream.inputBps),
  output: stream => bitrate(stream.outputBps),
  readers: stream => count(stream.readers),
  retries: stream => count(stream.retries),
  reason: stream => stream.lastReason ?? none,
};

class Row {
  constructor(element, stream) {
    this.element = element;
    this.stream = stream; // Null until the feed reports it: what the server rendered stays.
    this.cells = Object.keys(texts).map(name => [element.querySelector(`[data-f=${name}]`), texts[name]]);
    this.written = this.cells.map(([cell]) => cell.textContent);
    this.badge = element.querySelector('[data-f=phase]');
  }

  get phase() {
    return this.stream?.phase ?? this.element.dataset.phase;
  }

  write(now) {
    if (!this.stream) {
      const { phase, since } = this.element.dataset;
      this.element.querySelector('[data-f=note]').textContent = note({ phase, since }, now); // Time goes on for it too.
      return;
    }

    this.cells.forEach(([cell, textOf], index) => {
      const text = textOf(this.stream, now);
      if (text !== this.written[index]) {
        cell.textContent = text;
        this.written[index] = text;
      }
    });
    if (this.element.dataset.phase !== this.stream.phase) {
      this.element.dataset.phase = this.badge.dataset.phase = this.stream.phase;
    }
  }
}

// The rows as the page has them now; those that stay keep what the feed has reported.
function readRows() {
  const before = new Map(streams);
  streams.clear();
  for (const element of document.getElementById('rows').children) {
    const { id, phase } = element.dataset;
    const known = before.get(id)?.stream;
    streams.set(id, new Row(element, known?.phase === phase ? known : null));
  }
}

function take(stream, isNews) {
  const row = streams.get(stream.streamId);
  if (!row || row.phase !== stream.phase) {
    reloadSoon(); // The counts have changed, and perhaps what fits.
  }

  if (!row) {
    return;
  }

  if (isNews) {
    announceChange(row.stream ?? { ...stream, phase: row.phase }, stream);
  }

  row.stream = stream;
  touch(row);
}

function touch(row) {
  dirty.add(row);
  painting ||= setTimeout(() => requestAnimationFrame(paint), paintEvery);
}

function paint() {
  const now = Date.now();
  painting = 0;
  dirty.forEach(row => row.write(now));
  dirty.clear();
}

function reloadSoon() {
  reloading ||= setTimeout(reload, Math.max(paintEvery, reloadedAt + reloadEvery - Date.now()));
}

// Gets the list anew, and takes over what differs: the focus and what is typed stay.
async function reload() {
  clearTimeout(reloading);
  reloadedAt = Date.now();
  const number = ++asked;
  try {
    const { response, page } = await fetchDocument(urlOf(`/parts/streams${location.search}`));
    if (response.ok && number === asked) {
      const fresh = list.cloneNode(false);
      fresh.append(...page.body.childNodes);
      morph(list, fresh);
      prepare();
      readRows();
      streams.forEach(touch);
    }
  } catch {
    // The connection's banner says so.
  } finally {
    reloading = 0;
  }
}

// The address says what is looked for, so that it can be loaded again and sent to others.
function goTo(url) {
  history.replaceState(null, '', url);
  reload();
}

function searchFor(text) {
  const query = new URLSearchParams(location.search);
  query.delete('page');
  query.delete('q');
  const known = [...query];
  const ordered = new URLSearchParams([...known.filter(([name]) => name === 'phase'), ...(text ? [['q', text]] : []), ...known.filter(([name]) => name !== 'phase')]);
  goTo(urlOf(ordered.size ? `/?${ordered}` : '/'));
}

function prepare() {
  list.querySelector('#search button').hidden = true;
}

list.addEventListener('click', event => {
  const link = event.target.closest('#phases a, a[data-sort]');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    goTo(link.href);
  }
});
list.addEventListener('input', event => {
  if (event.target.id === 'q') {
    clearTimeout(typing);
    typing = setTimeout(() => searchFor(document.getElementById('q').value.trim()), typingPause);
  }
});
list.addEventListener('submit', event => {
  event.preventDefault();
  clearTimeout(typing);
  searchFor(document.getElementById('q').value.trim());
});

prepare();
readRows();
setInterval(() => document.hidden || streams.forEach(touch), 1000);

async function look() {
  const { response, page } = await fetchDocument(urlOf('/parts/nodes'));
  if (response.ok) {
    const nodes = document.getElementById('nodes');
    const fresh = nodes.cloneNode(false);
    fresh.append(...page.body.childNodes);
    morph(nodes, fresh);
  }

  return response.status;
}

follow(urlOf('/v1/feed'), {
  snapshot: ({ streams: all }) => {
    all.forEach(stream => take(stream, false));
    reloadSoon(); // What has happened between the page and the feed.
  },
  stream: stream => take(stream, true),
  progress: ({ streamId, generation, progress }) => {
    const row = streams.get(streamId);
    if (row?.stream?.generation === generation) {
      Object.assign(row.stream, { fps: progress.fps, speed: progress.speed, frames: progress.frames });
      touch(row);
    }
  },
}, look);
