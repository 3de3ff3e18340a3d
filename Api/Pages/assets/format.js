// How the page writes what it shows: the same as PageText does on the server.
export const none = '–';

export const fps = value => (value == null ? none : value.toFixed(1));

// In its first moments ffmpeg divides by next to nothing.
export const speed = value => (value == null || value >= 100 ? none : `${value.toFixed(2)}×`);

export const count = value => (value == null ? none : `${value}`);

export const slow = value => (value == null ? '' : `slow ${value.toFixed(2)}×`);

export const contested = value => (value ? 'contested' : '');

export function bitrate(bps) {
  if (bps == null) {
    return none;
  }

  return bps >= 1e6 ? `${(bps / 1e6).toFixed(2)} Mb/s` : `${(bps / 1e3).toFixed(0)} kb/s`;
}

const two = number => `${number}`.padStart(2, '0');

// The two largest units of a time that passed.
export function duration(milliseconds) {
  if (milliseconds == null || Number.isNaN(milliseconds)) {
    return none;
  }

  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) {
    return `${seconds} s`;
  }

  if (seconds < 3600) {
    return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  }

  return seconds < 86400
    ? `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds / 60) % 60)} min`
    : `${Math.floor(seconds / 86400)} d ${two(Math.floor(seconds / 3600) % 24)} h`;
}

export function note(stream, now) {
  if (stream.waitingPosition != null) {
    return `waits for a slot, place ${stream.waitingPosition}`;
  }

  if ((stream.phase === 'Backoff' || stream.phase === 'Failed') && stream.retryAt) {
    return `retry in ${Math.max(0, Math.ceil((Date.parse(stream.retryAt) - now) / 1000))} s`;
  }

  if (stream.isHeld) {
    return 'stopped by an operator';
  }

  if (stream.inputIdleSince) {
    return `input silent for ${duration(now - Date.parse(stream.inputIdleSince))}`;
  }

  if (stream.phase === 'Running') {
    return stream.outputSince ? '' : 'no output yet';
  }

  return `for ${duration(now - Date.parse(stream.since))}`;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

export const timeOfDay = at => clock.format(at);

const isToday = at => at.toDateString() === new Date().toDateString();

const dateOf = at => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

const momentOf = at => (isToday(at) ? timeOfDay(at) : `${dateOf(at)} ${timeOfDay(at)}`);

// The server writes times in UTC; whoever reads wants to compare them with the clock on the wall.
export function localizeTimes(root) {
  for (const time of root.querySelectorAll('time[datetime]')) {
    const at = new Date(time.getAttribute('datetime'));
    time.textContent = momentOf(at);
    time.title = at.toString();
  }

  for (const title of root.querySelectorAll('title[data-from]')) {
    title.textContent = `${title.dataset.words}, ${momentOf(new Date(title.dataset.from))} to ${momentOf(new Date(title.dataset.to))}`;
  }

  for (const zone of root.querySelectorAll('[data-zone]')) {
    zone.textContent = 'local time';
  }
}
