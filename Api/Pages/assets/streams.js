// The table of all streams, kept up to date from the feed. What changes is gathered, written a few times a second with a frame, and only where
// the text differs: nobody reads faster.
import { announceChange, follow } from './connection.js';
import { bitrate, contested, count, duration, fps, none, note, slow, speed } from './format.js';
import { fetchDocument, morph } from './morph.js';
import { urlOf } from './service.js';

const rows = document.getElementById('rows');
const pattern = document.getElementById('row').content;
const search = document.getElementById('q');
const phaseLinks = [...document.querySelectorAll('#phases a')];
const shown = document.getElementById('shown');
const paintEvery = 200;
const streams = new Map();
const dirty = new Set();
let phase = new URLSearchParams(location.search).get('phase')?.toLowerCase() ?? '';
let painting = 0;

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
    this.stream = stream;
    this.cells = Object.keys(texts).map(name => [element.querySelector(`[data-f=${name}]`), texts[name]]);
    this.written = this.cells.map(([cell]) => cell.textContent);
    this.badge = element.querySelector('[data-f=phase]');
  }

  write(now) {
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

for (const element of rows.children) {
  const { id, phase: known, since } = element.dataset;
  streams.set(id, new Row(element, { streamId: id, phase: known, since }));
}

function addRow(stream) {
  const element = pattern.firstElementChild.cloneNode(true);
  const link = element.querySelector('a');
  element.dataset.id = stream.streamId;
  link.textContent = stream.streamId;
  link.href = urlOf(`/streams/${encodeURIComponent(stream.streamId)}`);
  rows.insertBefore(element, [...rows.children].find(other => other.dataset.id > stream.streamId) ?? null);
  const row = new Row(element, stream);
  streams.set(stream.streamId, row);
  return row;
}

function take(stream, isNews) {
  const row = streams.get(stream.streamId) ?? addRow(stream);
  if (isNews) {
    announceChange(row.stream, stream);
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
  filter();
}

function filter() {
  const wanted = search.value.trim().toLowerCase();
  const counts = { '': streams.size };
  let visible = 0;
  for (const { element, stream } of streams.values()) {
    const isWanted = (!phase || stream.phase.toLowerCase() === phase) && stream.streamId.toLowerCase().includes(wanted);
    counts[stream.phase] = (counts[stream.phase] ?? 0) + 1;
    visible += isWanted ? 1 : 0;
    if (element.hidden === isWanted) {
      element.hidden = !isWanted;
    }
  }

  setText(shown, `${visible} of ${streams.size} streams`);
  document.getElementById('none').hidden = streams.size > 0;
  for (const link of phaseLinks) {
    setText(link.querySelector('b'), `${counts[link.dataset.phase] ?? 0}`);
    link.toggleAttribute('data-any', (counts[link.dataset.phase] ?? 0) > 0);
  }
}

function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

function choose(link) {
  phase = link.dataset.phase.toLowerCase();
  phaseLinks.forEach(other => (other === link ? other.setAttribute('aria-current', 'true') : other.removeAttribute('aria-current')));
  remember();
}

// The address says what is looked for, so that it can be loaded again and sent to others.
function remember() {
  const query = new URLSearchParams(Object.entries({ phase, q: search.value.trim() }).filter(([, value]) => value));
  history.replaceState(null, '', urlOf(query.size ? `/?${query}` : '/'));
  filter();
}

phaseLinks.forEach(link => link.addEventListener('click', event => {
  if (!event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    choose(link);
  }
}));
search.addEventListener('input', remember);
search.form.querySelector('button').hidden = true;
document.getElementById('search').addEventListener('submit', event => {
  event.preventDefault();
  remember();
});

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
  snapshot: ({ streams: all }) => all.forEach(stream => take(stream, false)),
  stream: stream => take(stream, true),
  progress: ({ streamId, generation, progress }) => {
    const row = streams.get(streamId);
    if (row && row.stream.generation === generation) {
      Object.assign(row.stream, { fps: progress.fps, speed: progress.speed, frames: progress.frames });
      touch(row);
    }
  },
}, look);
