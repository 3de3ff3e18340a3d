// One stream's page. The server renders it; this renews the parts that may have changed, and draws the charts.
import { Chart } from './charts.js';
import { announceChange, follow } from './connection.js';
import { openCommand } from './dialog.js';
import { bitrate, fps, speed } from './format.js';
import { fetchDocument, morph } from './morph.js';
import { addPreviews, renewPreview } from './preview.js';
import { urlOf } from './service.js';

const reach = 600000;
const head = document.getElementById('stream');
const id = head.dataset.stream;
const api = urlOf(`/v1/streams/${encodeURIComponent(id)}`);
const log = document.getElementById('log');
let period = 2000;
let samples = [];
let current = {};
let generation = Number(head.dataset.generation);
let phase = document.querySelector('#state .phase').dataset.phase;

const chartOf = (name, how) => new Chart(document.querySelector(`[data-chart=${name}]`), how);
const charts = {
  fps: chartOf('fps', { lines: [sample => sample.fps], write: fps, floor: 10 }),
  speed: chartOf('speed', { lines: [sample => sample.speed], write: speed, floor: 1.2, ceiling: 4 }),
  bitrate: chartOf('bitrate', { lines: [sample => sample.inputBps, sample => sample.outputBps], write: bitrate, floor: 1e5 }),
};

function show() {
  charts.fps.say(fps(current.fps));
  charts.speed.say(speed(current.speed));
  charts.bitrate.say(`${bitrate(current.inputBps)} / ${bitrate(current.outputBps)}`);
}

function draw() {
  const now = Date.now();
  samples = samples.filter(sample => sample.at > now - reach);
  Object.values(charts).forEach(chart => chart.draw(samples, now, period));
}

async function seed() {
  const response = await fetch(`${api}/samples`);
  if (response.ok) {
    const kept = await response.json();
    period = kept.periodSeconds * 1000;
    samples = kept.samples.map(sample => ({ ...sample, at: Date.parse(sample.at) }));
    draw();
  }
}

function sample() {
  if (!document.hidden) {
    samples.push({ at: Date.now(), fps: current.fps, speed: current.speed, inputBps: current.inputBps, outputBps: current.outputBps });
    draw();
  }
}

// Asks the server for the page as it is now: soon after something happened, else at most every two seconds.
let renewal = 0;
let isRenewing = false;
let dueAt = Infinity;
function renewWithin(milliseconds) {
  const at = Date.now() + milliseconds;
  if (at < dueAt) {
    clearTimeout(renewal);
    dueAt = at;
    renewal = setTimeout(renew, milliseconds);
  }
}

async function renew() {
  dueAt = Infinity;
  if (isRenewing) {
    renewWithin(300);
    return;
  }

  isRenewing = true;
  try {
    const { response, page } = await fetchDocument(location.pathname);
    if (response.ok) {
      for (const part of document.querySelectorAll('[data-live]')) {
        morph(part, page.getElementById(part.id));
      }
    }
  } catch {
    // The banner says that the service is away; the next event asks again.
  } finally {
    isRenewing = false;
  }
}

async function renewLog() {
  const response = await fetch(`${api}/runs/${generation}/log`, { signal: AbortSignal.timeout(10000) });
  const isAtEnd = log.scrollTop + log.clientHeight > log.scrollHeight - 8;
  const lines = response.ok ? (await response.text()).trimEnd() : '';
  document.getElementById('log-run').textContent = `run ${generation}`;
  const text = lines || 'It has written nothing.';
  if (log.textContent !== text) {
    log.textContent = text;
    if (isAtEnd) {
      log.scrollTop = log.scrollHeight;
    }
  }

  return response.status;
}

function take(stream) {
  const isOther = stream.phase !== phase || stream.generation !== generation
    || (stream.slowSpeed == null) !== (current.slowSpeed == null) || Boolean(stream.isContested) !== Boolean(current.isContested);
  announceChange(current.streamId ? current : { ...stream, phase }, stream);

  if (stream.sourceSince && stream.sourceSince !== current.sourceSince) {
    renewPreview('in');
  }

  if (stream.outputSince && stream.outputSince !== current.outputSince) {
    renewPreview('out');
  }

  ({ phase, generation } = stream);
  current = stream;
  show();
  renewWithin(isOther ? 50 : 2000);
}

document.addEventListener('submit', event => {
  if (event.target.matches('[data-command]')) {
    event.preventDefault();
    openCommand(event.target, () => renewWithin(0));
  }
});
document.addEventListener('visibilitychange', () => document.hidden || seed());

addPreviews();
seed();
setInterval(sample, period);
setInterval(() => document.hidden || renewWithin(0), 30000); // The band's now goes on, also when nothing happens.
log.scrollTop = log.scrollHeight;
follow(`${api}/feed`, {
  snapshot: ({ streams }) => streams.forEach(take),
  stream: take,
  progress: ({ generation: of, progress }) => {
    if (of === generation) {
      current = { ...current, fps: progress.fps, speed: progress.speed };
      show();
      renewWithin(2000);
    }
  },
  history: () => renewWithin(50),
}, async () => {
  renewWithin(2000);
  const status = generation > 0 ? await renewLog() : (await fetch(urlOf('/v1/nodes'), { signal: AbortSignal.timeout(10000) })).status;
  return status;
});
