// The big buttons, and the words in which everything said is confirmed or refused.

import { $, make, mark, write } from './dom.js';

const SHOWN_MS = 5000;
const FLASH_MS = 900;
const EVER = Infinity;

export class Actions {
  constructor(live, plane) {
    this.live = live;
    this.plane = plane;
    this.busy = false;         // an override is on its way
    this.wanted = null;        // where the finger is meanwhile
    $('teach').addEventListener('click', () => this.#openTeach());
    $('teach-close').addEventListener('click', () => $('teach-sheet').close());
    $('teach-sheet').addEventListener('click', event => {
      if (event.target === $('teach-sheet')) $('teach-sheet').close();
    });
    $('teach-other').addEventListener('submit', event => {
      event.preventDefault();
      const { word } = event.target.elements;
      this.teach(word.value.trim());
      word.value = '';
    });
    $('teach-point').addEventListener('click', () => this.#correct());
    $('wrong').addEventListener('click', () => this.wrong());
    $('mark').addEventListener('click', () => this.mark());
    $('freeze').addEventListener('click', () => this.freeze());
    $('override').addEventListener('click', () => this.toggleOverride());
    $('panic').addEventListener('click', () => this.panic());
    $('banner-end').addEventListener('click', () => this.end?.());
  }

  /** Say something and show at a button, and in words, what became of it; whether it was done. */
  async say(button, name, ...args) {
    const reason = await this.live.say(name, ...args);
    if (button) {
      button.classList.toggle('refused', Boolean(reason));
      button.classList.toggle('done', !reason);
      const small = button.querySelector('small');
      if (small) write(small, reason);
      clearTimeout(button.calm);
      button.calm = setTimeout(() => {
        button.classList.remove('refused', 'done');
        if (small) write(small, '');
      }, reason ? SHOWN_MS : FLASH_MS);
    }
    if (reason) this.toast(capital(reason), { bad: true });
    return !reason;
  }

  /** Show a sentence for a while, perhaps with something to do about it. */
  toast(words, { bad = false, action = '', act = () => {} } = {}) {
    const parts = [make('span', {}, words)];
    if (action) {
      const button = make('button', { type: 'button' }, action);
      button.addEventListener('click', () => { this.#hideToast(); act(); });
      parts.push(button);
    }
    $('toast').replaceChildren(...parts);
    $('toast').classList.toggle('bad', bad);
    $('toast').classList.add('shown');
    clearTimeout(this.toastEnds);
    this.toastEnds = setTimeout(() => this.#hideToast(), SHOWN_MS);
  }

  #hideToast() {
    $('toast').classList.remove('shown');
    $('toast').replaceChildren();
  }

  /** What plays now is this word. */
  async teach(word) {
    $('teach-sheet').close();
    if (!word || !await this.say($('teach'), 'in/label/train', word)) return;
    this.toastTaught(`“${word}” has been learned from what plays now.`);
  }

  /** What plays now is where the finger says. */
  #correct() {
    $('teach-sheet').close();
    this.plane.setMode('correct', async (valence, arousal) => {
      this.plane.setMode('watch');
      if (await this.say($('teach'), 'in/personal/va', valence, arousal)) {
        this.toastTaught('That place has been learned for what plays now.');
      }
    });
  }

  /** Say what was taught, or deleted, with the way back. */
  toastTaught(words) {
    this.toast(words, { action: 'Undo', act: () => this.undo($('teach')) });
  }

  /** Take back what was taught last. */
  async undo(button) {
    if (await this.say(button, 'in/label/train/undo')) this.toast('Taken back.');
  }

  async wrong() {
    if (!await this.say($('wrong'), 'in/label/wrong')) return;
    this.toast('Noted: that was wrong.', { action: 'What is it?', act: () => this.#openTeach() });
  }

  async mark() {
    if (await this.say($('mark'), 'in/segment/mark')) this.toast('A new section is marked here.');
  }

  freeze() {
    return this.say($('freeze'), 'in/freeze', this.frozen ? 0 : 1);
  }

  get frozen() {
    return Boolean(this.live.stream.about.freeze?.hold);
  }

  /** Seconds for which values of somebody's choice stand in for the music; 0 where none do. */
  get overridden() {
    const { override } = this.live.stream.about;
    if (!override || override.for_s === 0) return 0;
    return override.for_s === null ? EVER : override.at + override.for_s - this.live.now();
  }

  toggleOverride() {
    if (this.overridden > 0 || this.plane.mode === 'override') {
      this.plane.setMode('watch');
      if (this.overridden > 0) this.say($('override'), 'in/override', 0, 0, 0);
    } else {
      this.plane.setMode('override', (valence, arousal) => this.#put(valence, arousal));
    }
    this.update();
  }

  /** Send where the finger is; while one is on its way, only the newest waits. */
  async #put(...point) {
    this.wanted = point;
    if (this.busy) return;
    this.busy = true;
    while (this.wanted) {
      const next = this.wanted;
      this.wanted = null;
      await this.say(null, 'in/override', ...next);
    }
    this.busy = false;
  }

  async panic() {
    if (this.panicked) {
      await this.say($('panic'), 'in/override', 0, 0, 0);
      return;
    }
    this.plane.setMode('watch');
    if (await this.say($('panic'), 'panic')) this.toast('All values are neutral.');
  }

  get panicked() {
    const { override } = this.live.stream.about;
    return this.overridden === EVER && override.valence === 0 && override.arousal === 0;
  }

  /** Show what is held, overridden, learned or lost. */
  update() {
    const { live } = this;
    const learned = live.stream.about.learn?.output;
    const state = !live.connected ? ['lost', `${capital(live.trouble)}. Trying again …`]
      : this.panicked ? ['panicked', 'All values are neutral.', 'Back to the music',
        () => this.panic()]
      : this.overridden > 0 ? ['held', 'These values are set by hand.', 'Back to the music',
        () => this.toggleOverride()]
      : this.frozen ? ['held', 'All values are frozen.', 'Let go', () => this.freeze()]
      : learned ? ['held', `Only ${learned} moves, to be learned.`, 'End',
        () => this.say(null, 'in/learn', 'stop')]
      : null;
    $('banner').hidden = !state;
    mark($('banner'), 'data-kind', state?.[0] ?? '');
    write($('banner-words'), state?.[1] ?? '');
    $('banner-end').hidden = !state?.[2];
    write($('banner-end'), state?.[2] ?? '');
    this.end = state?.[3];
    mark($('freeze'), 'aria-pressed', this.frozen);
    mark($('override'), 'aria-pressed',
      this.plane.mode === 'override' || (this.overridden > 0 && !this.panicked));
    mark($('panic'), 'aria-pressed', this.panicked);
    write($('panic').querySelector('span'), this.panicked ? 'Back' : 'Panic');
    document.body.classList.toggle('lost', !live.connected);
  }

  #openTeach() {
    const { about } = this.live.stream;
    const words = about.labels.map((word, quadrant) => ({ word, quadrant })).slice(1);
    words.push(...this.live.stream.regions.map(({ name }) => ({ word: name, quadrant: 0 })));
    $('teach-words').replaceChildren(...words.map(({ word, quadrant }) => {
      const button = make('button', { type: 'button' }, word);
      button.dataset.quadrant = quadrant;
      button.addEventListener('click', () => this.teach(word));
      return button;
    }));
    $('teach-sheet').showModal();
  }
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
