// Previews are MediaMTX's own player in a frame. It counts as a reader and takes its bandwidth, so it is shown only when somebody asks.
export function addPreviews() {
  for (const figure of document.querySelectorAll('[data-preview]')) {
    const button = figure.querySelector('[data-show]');
    button.hidden = false;
    button.addEventListener('click', () => toggle(figure, button));
  }
}

// A new source is a new stream: MediaMTX has ended the player's session with the old one. Not that of a kept output, which goes on; whatever
// else befalls it, MediaMTX's player begins anew by itself.
export function renewPreview(side) {
  const frame = document.querySelector(`[data-preview$="/${side}/"] iframe`);
  if (frame && !document.querySelector(`#preview-${side}[data-kept]`)) {
    frame.src = frame.getAttribute('src');
  }
}

async function toggle(figure, button) {
  const screen = figure.querySelector('.screen');
  if (screen.firstChild) {
    screen.replaceChildren();
    button.textContent = 'Show';
    return;
  }

  button.textContent = 'Hide';
  const url = figure.dataset.preview;
  try {
    await fetch(url, { mode: 'no-cors', credentials: 'omit', signal: AbortSignal.timeout(5000) });
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
    frame.allow = 'autoplay; fullscreen';
    frame.referrerPolicy = 'no-referrer';
    frame.title = `${figure.querySelector('b').textContent} of the stream`;
    frame.src = `${url}?muted=true&controls=true`;
    screen.replaceChildren(frame);
  } catch {
    const why = document.createElement('p');
    why.textContent = `Nothing answers at ${new URL(url).origin}: MediaMTX's HLS server is off, or out of reach from here.`;
    screen.replaceChildren(why);
  }
}
