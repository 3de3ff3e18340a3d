// What a live player makes of a stream that was interrupted. Pure: player.js says how things are, and acts. All of its scripts are written into its document,
// which can import nothing: it has an origin of its own.
const watchLimits = { still: 0.5, behind: 0.5, gain: 0.2, late: 3, pause: 1, hopeless: 10, rare: 60 };

// still: seconds since a picture that was not shown before; stuck: whether it is one that an interruption made long; behind: seconds from what is shown to where
// a live player should be, null while that is not known;
// flowing: for how many seconds the playlist has gone on without a pause; unanswered: seconds since it was last read; waited: seconds since this last wanted
// something; renewals: how often the player has begun anew of late.
function decideWatch({ still, stuck, behind, flowing, unanswered, waited, renewals }) {
  const limits = watchLimits;
  if (waited < limits.pause) {
    return 'nothing';
  }

  // The stream goes on and the player does not, or it no longer asks; whatever else was tried.
  if (Math.max(Math.min(still, flowing), unanswered) >= Math.min(limits.hopeless * 2 ** renewals, limits.rare)) {
    return 'renew';
  }

  // A segment that has an interruption in it is played for as long as that was, though what came after it is there already.
  return behind !== null && (behind >= limits.late || (stuck ? behind >= limits.gain : behind >= limits.behind && still >= limits.still)) ? 'seek' : 'nothing';
}

// A playlist whose target durations are the usual ones of its segments and parts. MediaMTX gives the longest: after an interruption that is the whole
// interruption, by which players wait before they ask again, and stay behind the live edge. That they stay 1.5 s behind it at least (MediaMTX: 0.5 s) lets
// them play on while a worker is changed and the next key frame waited for.
function tidyPlaylist(text) {
  const heldBack = 1.5;
  const usual = durations => durations.map(Number).sort((a, b) => a - b)[Math.floor((durations.length - 1) / 2)];
  const segments = Array.from(text.matchAll(/^#EXTINF:([\d.]+)/gm), found => found[1]);
  const parts = Array.from(text.matchAll(/^#EXT-X-PART:.*?DURATION=([\d.]+)/gm), found => found[1]);
  let tidy = text;
  if (segments.length > 0) {
    tidy = tidy.replace(/^(#EXT-X-TARGETDURATION:)(\d+)/m, (_, name, given) => name + Math.min(given, Math.max(1, Math.ceil(usual(segments)))));
  }

  if (parts.length > 0) {
    const limit = usual(parts) * 2;
    const target = Math.max(...parts.filter(part => part <= limit));
    tidy = tidy.replace(/\b(PART-TARGET=)([\d.]+)/, (_, name, given) => name + Math.min(given, target))
      .replace(/\b(PART-HOLD-BACK=)([\d.]+)/, (_, name) => name + Math.max(heldBack, 3 * target));
  }

  return tidy;
}

// The parts, or segments, that an interruption made long. With pictures out of order MediaMTX spreads one over several.
function longParts(parts) {
  const long = 0.45;
  const durations = parts.map(({ duration }) => duration).sort((a, b) => a - b);
  return parts.filter(({ duration }) => duration > Math.max(long, 2 * durations[Math.floor((durations.length - 1) / 2)]));
}

function isInLongPart(position, parts) {
  return longParts(parts).some(({ start, duration }) => position >= start && position < start + duration);
}

// Where a live player should be, by the parts or segments of its playlist: in no long one, nor ahead of one, since a browser that has begun with such a
// picture shows the next ones at wrong times (it goes by how long pictures last), but past the last of them, once there is enough to play; null until then.
function livePosition(live, parts) {
  const [enough, inside] = [0.5, 0.05];
  const end = Math.max(...longParts(parts).map(({ start, duration }) => start + duration));
  if (live === null || live >= end) {
    return live;
  }

  const last = parts[parts.length - 1];
  return last.start + last.duration - end >= enough ? end + inside : null;
}

// After how many seconds a player that could not go on begins anew.
function retryAfter(failures) {
  return Math.min(1 + failures, 5);
}
