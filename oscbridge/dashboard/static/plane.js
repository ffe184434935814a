// The plane of valence and arousal: where the music is, whence it came, how sure that is.
//
// Only what moves is drawn on the canvas, 30 times a second while something moves; axes and words
// are elements. In the mode 'watch' nothing can be touched but regions; in 'override' and 'ask' a pad
// lies over the plane and says where a finger is.

import { $, colour, fit, minutes, signed, within, write } from './dom.js';
import { TRAIL_S } from './live.js';

const FRAME_MS = 1000 / 30;
const EASE = 0.45;             // share of the way to the newest point in each frame
const PARTS = 6;               // of the trail, each fainter than the next
const SPREAD = 0.5;            // the ellipse is half a standard deviation to each side
const STEP = 0.05;             // of an arrow key
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
    this.point = null;         // where the dot is drawn
    this.drawnMs = 0;
    this.colours = {};
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
    for (const name of ['q0', 'q1', 'q2', 'q3', 'q4', 'player', 'text', 'dim', 'card']) {
      this.colours[name] = colour(name);
    }
    this.wake();
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

  /** Draw soon. */
  wake() {
    this.due ??= requestAnimationFrame(at => this.#frame(at));
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
    this.wake();
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

  #frame(at) {
    this.due = null;
    if (at - this.drawnMs < FRAME_MS - 4) {
      this.wake();
      return;
    }
    this.drawnMs = at;
    if (this.context && this.#draw()) this.wake();
  }

  /** Draw; whether it will look otherwise in the next frame. */
  #draw() {
    const { context, width, height, colours } = this;
    const { values, trail } = this.live.stream;
    context.clearRect(0, 0, width, height);
    const place = ([valence, arousal]) => [
      (valence + 1) / 2 * width, (1 - arousal) / 2 * height,
    ];
    const [target] = values.va ? [values.va] : [[0, 0]];
    const point = this.point ?? target;
    this.point = point.map((was, axis) => was + EASE * (target[axis] - was));
    const moves = Math.hypot(this.point[0] - target[0], this.point[1] - target[1]) > 0.002;
    const confidence = values.confidence?.[0] ?? 0;
    const own = colours[`q${values.quadrant?.[0] ?? 0}`];
    this.#drawSpread(place(this.point), own, values);
    this.#drawTrail(trail, place, own);
    this.#drawPlayer(place, values);
    const [x, y] = place(this.point);
    context.globalAlpha = confidence > 0 ? 0.35 + 0.65 * confidence : 0.25;
    context.fillStyle = own;
    context.beginPath();
    context.arc(x, y, 10, 0, 2 * Math.PI);
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = 2.5;
    context.strokeStyle = colours.text;
    context.stroke();
    return moves || trail.length > 1;
  }

  #drawSpread([x, y], own, values) {
    const { context, width, height } = this;
    const [across] = values['uncertainty/valence'] ?? [0];
    const [up] = values['uncertainty/arousal'] ?? [0];
    if (!(across && up && values.confidence?.[0] > 0)) return;
    context.beginPath();
    context.ellipse(x, y, SPREAD * across * width / 2, SPREAD * up * height / 2, 0, 0, 7);
    context.fillStyle = own;
    context.globalAlpha = 0.13;
    context.fill();
    context.globalAlpha = 0.5;
    context.lineWidth = 1;
    context.strokeStyle = own;
    context.stroke();
    context.globalAlpha = 1;
  }

  #drawTrail(trail, place, own) {
    const { context } = this;
    const now = this.live.now();
    context.strokeStyle = own;
    context.lineCap = context.lineJoin = 'round';
    for (let part = 0; part < PARTS; part += 1) {
      const until = now - TRAIL_S * (PARTS - 1 - part) / PARTS;
      const from = until - TRAIL_S / PARTS - 0.1;
      context.beginPath();
      for (const [at, ...point] of trail) {
        if (at >= from && at <= until + 0.1) context.lineTo(...place(point));
      }
      context.globalAlpha = 0.1 + 0.6 * part / PARTS;
      context.lineWidth = 2 + 3 * part / PARTS;
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  /** A ring, where the player is known to be. */
  #drawPlayer(place, values) {
    const confidence = values['player/confidence']?.[0] ?? 0;
    if (!(confidence > 0)) return;
    const { context, colours } = this;
    const point = [values['player/valence']?.[0] ?? 0, values['player/arousal']?.[0] ?? 0];
    const [x, y] = place(point);
    context.globalAlpha = 0.4 + 0.6 * confidence;
    context.strokeStyle = colours.player;
    context.lineWidth = 3.5;
    context.beginPath();
    context.arc(x, y, 9, 0, 2 * Math.PI);
    context.stroke();
    context.setLineDash([3, 5]);
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(x, y);
    context.lineTo(...place(this.point));
    context.stroke();
    context.setLineDash([]);
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
  $('word').dataset.quadrant = values.quadrant?.[0] ?? 0;
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
  $('plane-canvas').setAttribute('aria-label', `plane of valence and arousal: ${said}`);
}
