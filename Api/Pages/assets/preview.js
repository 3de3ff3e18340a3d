// A preview is a player in a frame (player.js). It counts as a reader and takes its bandwidth, so it is shown only when somebody asks.
export function addPreviews() {
  for (const figure of document.querySelectorAll('[data-preview]')) {
    const button = figure.querySelector('[data-show]');
    button.hidden = false;
    button.addEventListener('click', () => toggle(figure, button));
  }
}

// A new source is a new stream: MediaMTX has ended the player's session with the old one. Not that of a kept output, which goes on; whatever
// else befalls it, the player goes on or begins anew by itself.
export function renewPreview(side) {
  const frame = document.querySelector(`[data-side="${side}"] iframe`);
  if (frame && !document.querySelector(`#preview-${side}[data-kept]`)) {
    frame.src = frame.getAttribute('src');
  }
}

function toggle(figure, button) {
  const screen = figure.querySelector('.screen');
  if (screen.firstChild) {
    screen.replaceChildren();
    button.textContent = 'Show';
    return;
  }

  button.textContent = 'Hide';
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.allow = 'autoplay; fullscreen';
  frame.referrerPolicy = 'no-referrer';
  frame.title = `${figure.querySelector('b').textContent} of the stream`;
  frame.src = figure.dataset.preview;
  loadFor(frame, figure.dataset.stream);
  screen.replaceChildren(frame);
}

// What the frame asks for, if it is of its stream. The frame has an origin of its own, since its hls.js comes from the media server, and MediaMTX answers
// none that has no name.
function loadFor(frame, stream) {
  const underWay = new Map();
  addEventListener('message', function serve(event) {
    if (!frame.isConnected) {
      underWay.forEach(load => load.abort());
      removeEventListener('message', serve);
      return;
    }

    if (event.source !== frame.contentWindow) {
      return;
    }

    const { id, url, isText, from, to, isAborted } = event.data ?? {};
    if (isAborted) {
      underWay.get(id)?.abort();
    } else if (typeof url === 'string' && isBelow(url, stream)) {
      const load = new AbortController();
      underWay.set(id, load);
      answer(url, isText, to ? { Range: `bytes=${Number(from)}-${Number(to) - 1}` } : {}, load.signal).then(found => {
        underWay.delete(id);
        frame.contentWindow?.postMessage({ id, ...found }, '*', found.data instanceof ArrayBuffer ? [found.data] : []);
      });
    }
  });
}

// By the address as it is asked for: "../" in it leads elsewhere.
function isBelow(url, stream) {
  return URL.canParse(url, location.href) && new URL(url, location.href).href.startsWith(new URL(stream, location.href).href);
}

async function answer(url, isText, headers, signal) {
  try {
    const response = await fetch(url, { headers, signal, credentials: 'omit', referrerPolicy: 'no-referrer' });
    return { status: response.status, url: response.url, data: await (isText ? response.text() : response.arrayBuffer()) };
  } catch {
    return { status: 0 };
  }
}
