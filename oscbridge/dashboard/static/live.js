// The connection to the run: what it tells is kept here, what the page says goes out here.
//
// Conventions: `at` is in seconds of the server's clock, quantities are as in the protocol. An
// instance fires 'link' when the connection comes or goes, 'news' when something came of the stream
// that is shown (detail: what is new of it), 'camera' when another page lends its own, and 'hello'
// when everything has to be drawn anew.

const QUIET_MS = 4000;         // so long without a word, and the connection counts as lost
const AGAIN_MS = [250, 500, 1000, 2000];
const ANSWER_MS = 5000;
const UNPAIRED = 4401;
const FULL = 4429;
const CROWDED = 100_000;       // bytes that wait to be sent: a slow network
export const TRAIL_S = 8;
export const KEPT_S = 300;

/** What is known of one stream. */
class Stream {
  constructor() {
    this.values = {};          // newest arguments, by signal
    this.about = { title: '', labels: ['', '', '', '', ''], settings: {}, ledger: [] };
    this.health = null;
    this.ticks = [];           // as of oscbridge.dashboard.history
    this.events = [];          // [at, signal, arguments]
    this.trail = [];           // [at, valence, arousal]
  }

  /** The user's own words, each with its place in the plane. */
  get regions() {
    return this.about.uselabels?.labels ?? [];
  }

  /** Draw the trail of before this page was loaded. */
  recall(at) {
    this.trail = this.ticks.filter(tick => tick[0] > at - TRAIL_S && tick[3] > 0)
      .map(([moment, valence, arousal]) => [moment, valence / 100, arousal / 100]);
  }

  /** Take what is new; `at` is now. */
  take(news, at) {
    Object.assign(this.values, news.values);
    if (news.about) this.about = news.about;
    if (news.health) this.health = news.health;
    append(this.ticks, news.ticks, tick => tick[0] < at - KEPT_S);
    append(this.events, news.events, event => event[0] < at - KEPT_S);
    if (news.values?.va && this.values.confidence?.[0] > 0) {
      this.trail.push([at, ...news.values.va]);
    }
    while (this.trail.length && this.trail[0][0] < at - TRAIL_S) this.trail.shift();
  }
}

function append(list, more, tooOld) {
  if (more) list.push(...more);
  let old = 0;
  while (old < list.length && tooOld(list[old])) old += 1;
  if (old) list.splice(0, old);
}

export class Live extends EventTarget {
  constructor(url) {
    super();
    this.url = url;
    this.connected = false;
    this.trouble = 'connecting';
    this.streams = {};
    this.shown = '';
    this.hello = null;
    this.camera = { page: 0, detail: '' };  // which page lends its camera, and what is wrong with it
    this.offset = null;        // server's clock minus ours, seconds
    this.waiting = new Map();  // number of what was said: who waits for what became of it
    this.number = 0;
    this.tries = 0;
    this.heardMs = 0;
    setInterval(() => this.#lookAfter(), 1000);
    for (const [target, name] of [[document, 'visibilitychange'], [window, 'online']]) {
      target.addEventListener(name, () => { if (!this.connected) this.#open(); });
    }
    this.#open();
  }

  /** The stream that is shown. */
  get stream() {
    return this.streams[this.shown] ?? (this.streams[this.shown] = new Stream());
  }

  /** Seconds of the server's clock. */
  now() {
    return performance.now() / 1000 + (this.offset ?? 0);
  }

  /** Show another stream. */
  show(name) {
    this.shown = name;
    this.dispatchEvent(new Event('hello'));
  }

  /** Say something; resolves to the reason why it was refused, empty where it was not. */
  say(name, ...args) {
    if (!this.connected) return Promise.resolve('not connected');
    const number = this.number += 1;
    const several = Object.keys(this.streams).length > 1;
    this.socket.send(JSON.stringify({ number, name, args, stream: several ? this.shown : '' }));
    return new Promise(resolve => {
      this.waiting.set(number, resolve);
      setTimeout(() => this.#answered(number, 'no answer'), ANSWER_MS);
    });
  }

  /** Whether something large may be sent. */
  get ready() {
    return this.connected && this.socket.bufferedAmount < CROWDED;
  }

  /** Send a picture. */
  send(picture) {
    if (this.ready) this.socket.send(picture);
  }

  #open() {
    clearTimeout(this.again);
    if (this.socket && this.socket.readyState < WebSocket.CLOSING) return;
    this.heardMs = performance.now();
    const socket = this.socket = new WebSocket(this.url);
    socket.onmessage = event => this.#take(JSON.parse(event.data));
    socket.onclose = event => this.#closed(socket, event.code);
  }

  #closed(socket, code) {
    if (socket !== this.socket) return;
    if (code === UNPAIRED) {
      location.replace('/pair');
      return;
    }
    this.connected = false;
    this.trouble = code === FULL ? 'too many pages look on' : 'connection lost';
    for (const number of [...this.waiting.keys()]) this.#answered(number, 'connection lost');
    this.dispatchEvent(new Event('link'));
    const wait = AGAIN_MS[Math.min(this.tries, AGAIN_MS.length - 1)];
    this.tries += 1;
    this.again = setTimeout(() => this.#open(), wait);
  }

  /** A phone that slept, or a network that is gone, closes nothing by itself. */
  #lookAfter() {
    if (performance.now() - this.heardMs < QUIET_MS) return;
    const { socket } = this;
    socket.onclose = null;
    socket.close();
    this.#closed(socket, 0);
  }

  #take(said) {
    this.heardMs = performance.now();
    if (said.kind === 'answer') {
      this.#answered(said.number, said.reason);
      return;
    }
    this.#setClock(said.at);
    if (said.kind === 'hello') this.#greeted(said);
    for (const [name, news] of Object.entries(said.streams)) {
      const known = name in this.streams;
      (this.streams[name] ??= new Stream()).take(news, said.at);
      if (!(this.shown in this.streams) || (!known && this.shown === '' && name !== '')) {
        this.show(name);
      }
      if (name === this.shown && said.kind === 'news') {
        this.dispatchEvent(new CustomEvent('news', { detail: news }));
      }
    }
    if (said.camera) {
      this.camera = said.camera;
      this.dispatchEvent(new Event('camera'));
    }
    if (said.kind === 'hello') {
      for (const stream of Object.values(this.streams)) stream.recall(said.at);
      this.connected = true;
      this.tries = 0;
      this.dispatchEvent(new Event('hello'));
      this.dispatchEvent(new Event('link'));
    }
  }

  #greeted(said) {
    this.hello = said;
    this.streams = {};
    const names = Object.keys(said.streams);
    if (names.length && !names.includes(this.shown)) [this.shown] = names;
  }

  #answered(number, reason) {
    this.waiting.get(number)?.(reason);
    this.waiting.delete(number);
  }

  #setClock(at) {
    const offset = at - performance.now() / 1000;
    const far = this.offset === null || Math.abs(offset - this.offset) > 1;
    this.offset = far ? offset : Math.max(offset, this.offset + 0.01 * (offset - this.offset));
  }
}
