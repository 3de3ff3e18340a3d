// Runs in each frame of the browser before the page's own script; in the preview's player it reports each picture that is shown, and when the
// player begins anew or says that it cannot go on. A browser tells of no picture that is outside of its window: that is a problem too.
(() => {
  if (!/^\/streams\/[^/]+\/preview\/out$/.test(location.pathname)) {
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
    new IntersectionObserver(seen => seen.at(-1).isIntersecting || report({ problem: 'The player is outside of the window.' })).observe(video);
    video.addEventListener('emptied', () => report({ problem: 'The player began anew.' }));
    setInterval(flush, 250);
  });
})();
