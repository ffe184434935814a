// The camera of this device, lent to the run: small pictures, a few a second, over the page's socket.
//
// Nothing is on before somebody presses the button and the browser has asked; one press anywhere
// ends it. Pictures are JPEG of WIDTH pixels; the run looks at the face and forgets them.

import { $, write } from './dom.js';

const EVERY_MS = 200;
const WIDTH = 320;
const QUALITY = 0.75;
const NO_CAMERA = {
  NotAllowedError: 'The camera may not be used: allow it in the settings of the browser.',
  NotFoundError: 'This device has no camera.',
  NotReadableError: 'Another program has the camera.',
};

export class Camera {
  constructor(live, actions) {
    this.live = live;
    this.actions = actions;
    this.stream = null;        // of the camera, while it is lent
    this.taken = false;        // whether the run has it
    this.canvas = new OffscreenCanvas(WIDTH, WIDTH);
    $('camera').addEventListener('click', () => (this.stream ? this.end() : this.#lend()));
    $('camera-on').addEventListener('click', () => this.end());
    $('camera-neutral').addEventListener('click', event =>
      actions.say(event.target, 'in/affect/calibrate', 'neutral'));
    live.addEventListener('hello', () => { if (this.stream) this.#say(); });
    live.addEventListener('camera', () => this.update());
    if (!navigator.mediaDevices?.getUserMedia) {
      $('camera').disabled = true;
      $('camera-why').hidden = false;
    }
    this.update();
  }

  /** Give it back. */
  end(words = '') {
    this.stream?.getTracks().forEach(track => track.stop());
    this.stream = null;
    if (this.taken && this.live.connected) this.live.say('camera', 0);
    this.taken = false;
    clearTimeout(this.soon);
    $('camera-view').srcObject = null;
    if (words) this.actions.toast(words, { bad: true });
    this.update();
  }

  async #lend() {
    const button = $('camera');
    button.disabled = true;      // until the browser has asked
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({
        video: { width: 2 * WIDTH, facingMode: 'user', frameRate: { max: 15 } },
      });
      this.stream.getTracks()[0].addEventListener('ended', () => this.end('The camera is gone.'));
      $('camera-view').srcObject = this.stream;
      await $('camera-view').play();
    } catch (error) {
      this.end(NO_CAMERA[error.name] ?? `No camera: ${error.message}`);
      return;
    } finally {
      button.disabled = false;
    }
    await this.#say();
  }

  /** Tell the run that there is a camera, also when the connection has come back. */
  async #say() {
    this.taken = false;
    clearTimeout(this.soon);
    if (!await this.actions.say($('camera'), 'camera', 1)) {
      if (this.live.connected) this.end();
      return;
    }
    this.taken = true;
    this.#send();
    this.update();
  }

  /** Send a picture, and the next one a little later. */
  async #send() {
    const begun = performance.now();
    const view = $('camera-view');
    if (this.live.ready && view.videoWidth) {
      this.canvas.height = Math.round(WIDTH * view.videoHeight / view.videoWidth);
      this.canvas.getContext('2d').drawImage(view, 0, 0, WIDTH, this.canvas.height);
      const picture = await this.canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
      if (this.taken) this.live.send(picture);
    }
    if (!this.taken) return;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.#send(), Math.max(EVERY_MS - (performance.now() - begun), 20));
  }

  /** Show who lends what. */
  update() {
    const { page, detail } = this.live.camera;
    const own = page === this.live.hello?.page;
    if (this.taken && page && !own) {
      this.taken = false;
      this.end('Another page lends its camera now.');
      return;
    }
    const on = Boolean(this.stream);
    $('camera').setAttribute('aria-pressed', String(on));
    write($('camera').firstElementChild, on ? 'Turn the camera off' : 'Lend this camera');
    $('camera-on').hidden = !on;
    $('camera-view').hidden = !on;
    $('camera-neutral').hidden = !on;
    write($('camera-words'), page === 0 ? ''
      : `${own ? 'This camera' : `The camera of page ${page}`}: ${detail || 'it looks for a face'}.`
        .replace(/\.\.$/, '.'));
  }
}
