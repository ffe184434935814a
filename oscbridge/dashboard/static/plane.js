// The plane of valence and arousal: where the music is, whence it came, how sure that is.
//
// What moves are elements (mover.js) that are told with each word of the run where to be. The trail is a canvas that is drawn less often. In the mode 'watch' nothing can be touched but regions;
// in 'override' and 'ask' a pad lies over the plane and says where a finger is.

import { $, colour, fit, mark, minutes, signed, within, write } from './dom.js';
import { TRAIL_S } from './live.js';
import { Mover } from './mover.js';

const PARTS = 6;               // of the trail, each fainter than the next
const SPREAD = 0.5;            // the ellipse is half a standard deviation to each side
const STEP = 0.05;             // of an arrow key
const FOLLOW_MS = 80;          // a finger
export const HINTS = {
  override: 'You set the values: touch or drag. They stay until you end it.',
  ask: 'Touch where the music should go.',
  correct: 'Touch where the music is.',
};

export class Plane {
  constructor(live) {
    this.live = live;
    this.mode = 'watch';
    this.picked = () => {};    // called with (valence, arousal) while a finger is on the pad
    this.colours = {};
    this.music = new Mover($('music-place'));
    this.player = new Mover($('player-place'));
    this.pad = $('pad');
    new ResizeObserver(() => this.#resize()).observe($('plane-canvas'));
    this.pad.addEventListener('pointerdown', event => {
      this.pad.setPointerCapture(event.pointerId);
      this.#touch(event);
    });
    this.pad.addEventListener('pointermove', event => {
      if (this.pad.hasPointerCapture(event.pointerId)) this.#touch(event);
    });
    this.pad.addEventListener('keydown', event => this.#press(event));
    this.recolour();
  }

  /** Take the colours of the theme anew. */
  recolour() {
    for (const name of ['q0', 'q1', 'q2', 'q3', 'q4']) {
      this.colours[name] = colour(name);
    }
    this.drawTrail();
  }

  /** 'watch', or what a finger on the plane means; `picked` is told where it is. */
  setMode(mode, picked = () => {}) {
    this.mode = mode;
    this.picked = picked;
    $('plane').dataset.mode = mode;
    this.pad.hidden = mode === 'watch';
    $('plane-hint').hidden = mode === 'watch';
    $('plane-hint').textContent = HINTS[mode] ?? '';
    if (mode !== 'watch') this.pad.focus({ preventScroll: true });
  }

  /** Where in the plane a pointer is. */
  pointOf(event) {
    const box = $('plane').getBoundingClientRect();
    return [
      within(2 * (event.clientX - box.left) / box.width - 1, -1, 1),
      within(1 - 2 * (event.clientY - box.top) / box.height, -1, 1),
    ];
  }

  #resize() {
    Object.assign(this, fit($('plane-canvas')));
    this.restart();
  }

  #touch(event) {
    event.preventDefault();
    this.picked(...this.pointOf(event));
  }

  #press(event) {
    const move = {
      ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP],
    }[event.key];
    if (!move) return;
    event.preventDefault();
    const [valence, arousal] = this.live.stream.values.va ?? [0, 0];
    this.picked(within(valence + move[0], -1, 1), within(arousal + move[1], -1, 1));
  }

  /** Show everything at once where it is: another stream, or another size. */
  restart() {
    this.music.forget();
    this.player.forget();
    this.move();
    this.drawTrail();
  }

  /** Let what moves glide to where it is now. */
  move() {
    const { values } = this.live.stream;
    this.#putMusic(values);
    this.#putPlayer(values);
  }

  #place([valence, arousal]) {
    return [(valence + 1) / 2 * this.width, (1 - arousal) / 2 * this.height];
  }

  #putMusic(values) {
    const confidence = values.confidence?.[0] ?? 0;
    const across = values['uncertainty/valence']?.[0] ?? 0;
    const up = values['uncertainty/arousal']?.[0] ?? 0;
    const [x, y] = this.#place(values.va ?? [0, 0]).map(Math.round);
    mark($('plane'), 'data-quadrant', values.quadrant?.[0] ?? 0);
    this.music.glide(x, y, this.mode === 'override' ? FOLLOW_MS : undefined);
    $('music-dot').style.opacity = confidence > 0 ? (0.4 + 0.6 * confidence).toFixed(1) : 0.3;
    $('spread').hidden = !(across && up && confidence > 0);
    const wide = (SPREAD * across * this.width / 100).toFixed(1);
    const high = (SPREAD * up * this.height / 100).toFixed(1);
    $('spread').style.transform = `scale(${wide},${high})`;
  }

  /** A ring, where the player is known to be. */
  #putPlayer(values) {
    const confidence = values['player/confidence']?.[0] ?? 0;
    $('player-dot').hidden = !(confidence > 0);
    if (!(confidence > 0)) {
      this.player.forget();
      return;
    }
    const point = [values['player/valence']?.[0] ?? 0, values['player/arousal']?.[0] ?? 0];
    const [x, y] = this.#place(point).map(Math.round);
    this.player.glide(x, y);
    $('player-dot').style.opacity = (0.5 + 0.5 * confidence).toFixed(1);
  }

  /** Draw whence it came. */
  drawTrail() {
    const { context, colours } = this;
    const { values, trail } = this.live.stream;
    if (!context) return;
    const now = this.live.now();
    context.clearRect(0, 0, this.width, this.height);
    context.strokeStyle = colours[`q${values.quadrant?.[0] ?? 0}`];
    context.lineCap = context.lineJoin = 'round';
    for (let part = 0; part < PARTS; part += 1) {
      const until = now - TRAIL_S * (PARTS - 1 - part) / PARTS;
      const from = until - TRAIL_S / PARTS - 0.1;
      context.beginPath();
      for (const [at, ...point] of trail) {
        if (at >= from && at <= until + 0.1) context.lineTo(...this.#place(point));
      }
      context.globalAlpha = 0.1 + 0.6 * part / PARTS;
      context.lineWidth = 2 + 3 * part / PARTS;
      context.stroke();
    }
    context.globalAlpha = 1;
  }
}

/** The figures beside the plane, in words that are read aloud too. */
export function showNow(stream) {
  const { values, about } = stream;
  const confidence = values.confidence?.[0] ?? 0;
  const [valence, arousal] = values.va ?? [0, 0];
  const known = confidence > 0;
  const word = values['quadrant/label']?.[0] ?? '…';
  write($('word'), word);
  mark($('word'), 'data-quadrant', values.quadrant?.[0] ?? 0);
  write($('valence'), known ? signed(valence) : '–');
  write($('arousal'), known ? signed(arousal) : '–');
  write($('confidence'), known ? `${Math.round(100 * confidence)} %` : '–');
  write($('intensity'), known ? (values.intensity?.[0] ?? 0).toFixed(2) : '–');
  write($('tempo'), values.tempo?.[0] > 0 ? Math.round(values.tempo[0]) : '–');
  write($('dwell'), known ? minutes(values['quadrant/dwell']?.[0] ?? 0) : '–');
  for (const quadrant of [1, 2, 3, 4]) {
    const share = known ? values[`quadrant/${quadrant}`]?.[0] ?? 0 : 0;
    write($(`corner-${quadrant}`), about.labels[quadrant]);
    write($(`share-word-${quadrant}`), about.labels[quadrant]);
    $(`share-${quadrant}`).style.transform = `scaleX(${share.toFixed(2)})`;
  }
  const said = known
    ? `${word}: valence ${signed(valence)}, arousal ${signed(arousal)}, `
      + `${Math.round(100 * confidence)} percent sure`
    : 'nothing is known yet';
  mark($('plane-canvas'), 'aria-label', `plane of valence and arousal: ${said}`);
}
