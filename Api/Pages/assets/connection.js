import { duration, localizeTimes, slow, timeOfDay } from './format.js';

const lookEvery = 2000;
const closeHiddenAfter = 10000;

const banner = document.getElementById('feed-away');
const connection = document.getElementById('connection');
const announcements = document.getElementById('announcements');
let announced = [];

// Tells a screen reader, politely; several changes at once in one go.
export function announce(text) {
  announced.push(text);
  if (announced.length === 1) {
    setTimeout(() => {
      announcements.textContent = announced.slice(-5).join('. ');
      announced = [];
    }, 250);
  }
}

// Tells what has become different about a stream, if it matters to whoever does not see it.
export function announceChange(before, now) {
  if (now.phase !== before.phase) {
    announce(`${now.streamId}: ${now.phase}`);
  }

  if (now.slowSpeed != null && before.slowSpeed == null) {
    announce(`${now.streamId}: ${slow(now.slowSpeed)}`);
  }

  if (now.isContested && !before.isContested) {
    announce(`${now.streamId}: contested`);
  }
}

// Follows a feed for as long as the page is looked at. The browser itself comes back after a lost connection, but not after a refusal.
// A connection that is dead without a word shows in that the service does not answer another question, look().
export function follow(url, events, look) {
  let source = null;
  let isAway = false;
  let lastHeard = Date.now();
  let hiding = 0;

  function open() {
    source?.close();
    source = new EventSource(url);
    for (const [name, handle] of Object.entries(events)) {
      source.addEventListener(name, event => {
        heard();
        handle(JSON.parse(event.data));
      });
    }

    source.onopen = heard;
    source.onerror = away;
  }

  function heard() {
    lastHeard = Date.now();
    if (isAway) {
      announce('Connected again');
    }

    isAway = false;
    show();
  }

  function away() {
    if (!isAway && source) {
      announce('Not connected');
    }

    isAway = true;
    show();
  }

  function show() {
    banner.hidden = !isAway;
    banner.querySelector('span').textContent = isAway ? `What you see is ${duration(Date.now() - lastHeard)} old. Trying again.` : '';
    connection.dataset.state = isAway ? 'away' : 'live';
    connection.querySelector('.connection-text').textContent = isAway ? 'Last heard' : 'Live';
    const time = connection.querySelector('time');
    time.textContent = timeOfDay(isAway ? lastHeard : Date.now());
  }

  async function tick() {
    if (document.hidden) {
      return;
    }

    try {
      const status = await look();
      if (status === 401) {
        location.reload(); // The session has ended: the server knows the way to the sign-in.
      }

      if (source?.readyState === EventSource.CLOSED) {
        open();
      } else if (source?.readyState === EventSource.OPEN) {
        heard();
      }
    } catch {
      // As long as the feed speaks it is the question alone that failed.
      if (source?.readyState !== EventSource.OPEN || Date.now() - lastHeard > 2 * lookEvery) {
        away();
      }
    }

    show();
  }

  // A browser gives a service six connections, and a tab that nobody looks at must not hold one.
  document.addEventListener('visibilitychange', () => {
    clearTimeout(hiding);
    if (document.hidden) {
      hiding = setTimeout(() => {
        source?.close();
        source = null;
      }, closeHiddenAfter);
    } else if (!source) {
      open();
      tick();
    }
  });

  localizeTimes(document);
  open();
  setInterval(tick, lookEvery);
  setInterval(show, 1000);
}
