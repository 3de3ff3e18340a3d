// The player of a preview, in a frame of its own: hls.js, which MediaMTX has for its own player, and a watch that lets it go on after an interruption.
(() => {
  const stream = document.documentElement.dataset.stream;
  const video = document.getElementById('video');
  const message = document.getElementById('message');
  const period = 100;
  const afterSeek = 0.3;
  const silence = 1.5;
  const mended = 5;
  const calm = 30;
  const now = () => performance.now() / 1000;
  const say = text => { message.textContent = text; };
  let hls = null;
  let playlist = null;
  let newest = '';
  let progress = 0;
  let failures = 0;
  let renewals = 0;
  let mendedAt = -Infinity;
  let [pictureAt, newsAt, flowingSince, readAt, actedAt, soughtAt, renewedAt] = Array(7).fill(now());

  function begin() {
    hls?.destroy();
    playlist = null;
    pictureAt = newsAt = flowingSince = readAt = actedAt = now();
    hls = new window.Hls({ loader: LoaderOfPage, liveSyncOnStallIncrease: 0, maxLiveSyncPlaybackRate: 1.5, enableWorker: false, backBufferLength: 10 });
    const { Events } = window.Hls;
    hls.on(Events.MANIFEST_PARSED, () => {
      say('');
      video.play().catch(() => {}); // It has controls.
    });
    hls.on(Events.LEVEL_UPDATED, (_, { details }) => read(details));
    hls.on(Events.ERROR, (_, error) => fail(error));
    hls.attachMedia(video);
    hls.loadSource(`${stream}index.m3u8`);
  }

  function read(details) {
    readAt = now();
    const last = `${details.endSN} ${details.lastPartSn} ${details.lastPartIndex}`;
    if (last !== newest) {
      flowingSince = readAt - newsAt > silence ? readAt : flowingSince;
      newsAt = readAt;
      failures = 0;
    }

    [newest, playlist] = [last, details];
  }

  function fail({ fatal, type, details, response }) {
    if (!fatal) {
      return;
    }

    if (type === window.Hls.ErrorTypes.MEDIA_ERROR && now() - mendedAt > mended) {
      mendedAt = now();
      hls.recoverMediaError();
      return;
    }

    hls.destroy();
    hls = null;
    say(response?.code === 404 ? 'There is no stream to play. Trying again…'
      : response?.code === 401 ? 'Reading it needs a key: MediaMTX’s own player asks for it.'
        : `The player cannot go on (${details}). Trying again…`);
    setTimeout(begin, retryAfter(failures++) * 1000);
  }

  function seek(position) {
    video.currentTime = position;
    soughtAt = now();
  }

  function watch() {
    const count = video.videoWidth > 0 ? video.getVideoPlaybackQuality().totalVideoFrames : video.currentTime;
    const isNew = count !== progress && now() - soughtAt > afterSeek; // A seek shows the former picture again.
    progress = count;
    if (!hls || document.hidden || video.paused) {
      pictureAt = readAt = now(); // Nobody looks, or somebody stopped it.
      return;
    }

    pictureAt = isNew ? now() : pictureAt;
    renewals = now() - renewedAt > calm ? 0 : renewals;
    const parts = playlist?.partList?.length > 0 ? playlist.partList : playlist?.fragments ?? [];
    const live = playlist && livePosition(hls.liveSyncPosition, parts);
    const action = decideWatch({
      still: now() - pictureAt, stuck: isInLongPart(video.currentTime, parts), behind: live === null ? null : live - video.currentTime,
      flowing: now() - newsAt > silence ? 0 : now() - flowingSince, unanswered: now() - readAt, waited: now() - actedAt, renewals,
    });
    if (action === 'seek') {
      actedAt = now();
      seek(live);
    } else if (action === 'renew') {
      renewals++;
      renewedAt = now();
      begin();
    }
  }

  function load() {
    const script = document.createElement('script');
    script.src = `${stream}hls.min.js`;
    script.addEventListener('error', () => {
      say(`No player at ${new URL(stream).origin}: MediaMTX’s HLS server is off, or out of reach from here. Trying again…`);
      script.remove();
      setTimeout(load, retryAfter(failures++) * 1000);
    });
    script.addEventListener('load', () => {
      failures = 0;
      if (window.Hls.isSupported()) {
        begin();
        setInterval(watch, period);
      } else {
        video.src = `${stream}index.m3u8`; // Apple's own player.
      }
    });
    document.head.append(script);
  }

  video.addEventListener('play', () => hls?.liveSyncPosition && seek(hls.liveSyncPosition)); // After a pause, back to now.
  load();
})();
