// The loader of hls.js in the player's frame. The frame has an origin that no server may answer: the page around it loads for it (preview.js).
const loading = new Map();
let loads = 0;

class LoaderOfPage {
  constructor() {
    this.context = null;
    this.callbacks = null;
    this.stats = {
      aborted: false, loaded: 0, retry: 0, total: 0, chunkCount: 0, bwEstimate: 0,
      loading: { start: 0, first: 0, end: 0 }, parsing: { start: 0, end: 0 }, buffering: { start: 0, first: 0, end: 0 },
    };
  }

  load(context, config, callbacks) {
    [this.context, this.callbacks, this.id] = [context, callbacks, `${performance.timeOrigin} ${++loads}`]; // Another document in the frame gets none of it.
    this.stats.loading.start = performance.now();
    loading.set(this.id, this);
    const { maxTimeToFirstByteMs = config.timeout, maxLoadTimeMs = config.timeout } = config.loadPolicy ?? {};
    this.timer = setTimeout(() => this.#end() && callbacks.onTimeout(this.stats, context, null), Math.min(maxTimeToFirstByteMs, maxLoadTimeMs));
    parent.postMessage({ id: this.id, url: context.url, isText: context.responseType !== 'arraybuffer', from: context.rangeStart, to: context.rangeEnd }, '*');
  }

  receive({ status, url, data: given }) {
    if (!this.#end()) {
      return;
    }

    const { stats, context, callbacks } = this;
    if (status < 200 || status > 299) {
      callbacks.onError({ code: status, text: '' }, context, null, stats);
      return;
    }

    const data = typeof given === 'string' ? tidyPlaylist(given) : given;
    stats.loading.first = stats.loading.end = performance.now();
    stats.loaded = stats.total = data.byteLength ?? data.length;
    callbacks.onProgress?.(stats, context, data, null);
    callbacks.onSuccess({ url, data, code: status }, stats, context, null);
  }

  abort() {
    if (this.#end()) {
      this.stats.aborted = true;
      parent.postMessage({ id: this.id, isAborted: true }, '*');
      this.callbacks.onAbort?.(this.stats, this.context, null);
    }
  }

  destroy() {
    if (this.callbacks) {
      this.callbacks = { ...this.callbacks, onAbort: null };
      this.abort();
      this.callbacks = null;
    }
  }

  getCacheAge() {
    return null;
  }

  getResponseHeader() {
    return null;
  }

  // Whether it was still under way.
  #end() {
    clearTimeout(this.timer);
    return loading.delete(this.id);
  }
}

addEventListener('message', event => event.source === parent && loading.get(event.data.id)?.receive(event.data));
