// Runs in each frame of the browser before the page's own script; in MediaMTX's player it reports each picture that is shown, and when the
// player begins anew or says that it cannot go on.
(() => {
  if (!/^\/live\/[^/]+\/out\/$/.test(location.pathname)) {
    return;
  }

  const now = () => performance.timeOrigin + performance.now();
  let shown = [];
  const report = what => window.audienceSaw(JSON.stringify({ at: now(), shown: [], ...what }));
  const flush = () => {
    if (shown.length > 0) {
      report({ shown });
      shown = [];
    }
  };

  report({ began: true });
  addEventListener('DOMContentLoaded', () => {
    const video = document.getElementById('video');
    const message = document.getElementById('message');
    const see = (_, { mediaTime }) => {
      shown.push([now(), mediaTime]);
      video.requestVideoFrameCallback(see);
    };
    video.requestVideoFrameCallback(see);
    new MutationObserver(() => message.innerText && report({ problem: message.innerText })).observe(message, { childList: true, characterData: true, subtree: true });
    setInterval(flush, 250);
  });
})();
