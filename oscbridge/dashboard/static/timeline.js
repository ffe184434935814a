// The last minutes: sections, what music and player were like, requests, and a strip of spectrum.
//
// Drawn once a second: in that time it moves by some pixels.

import { $, colour, fit, minutes } from './dom.js';
import { KEPT_S } from './live.js';

const BANDS = 24;
const TICK_HZ = 4;
const AT = 0, VALENCE = 1, AROUSAL = 2, CONFIDENCE = 3, PLAYER_V = 6, PLAYER_SURE = 8, COLUMN = 9;
const BAR = 18;                // height of the sections, pixels
const SCALE = 12;              // height of the times below the lines
const STRIP = 0.3;             // share of the rest that the spectrum takes
const LONGEST_GAP_S = 1;       // between ticks that belong together
// Cividis, made for every kind of colour vision.
const CIVIDIS = ['#00204c', '#213d6b', '#555b6c', '#7b7a77', '#a59c74', '#d3c064', '#ffe945'];

export class Timeline {
  constructor(live) {
    this.live = live;
    this.spanS = 120;
    this.columns = new OffscreenCanvas(KEPT_S * TICK_HZ, BANDS);  // a ring
    this.next = this.count = 0;
    this.newest = 0;           // moment of the newest column
    this.ramp = ramp(CIVIDIS);
    new ResizeObserver(() => { Object.assign(this, fit($('timeline'))); this.draw(); })
      .observe($('timeline'));
    this.recolour();
  }

  recolour() {
    this.colours = {};
    const names = ['q0', 'q1', 'q2', 'q3', 'q4', 'player', 'valence', 'arousal', 'text', 'dim',
      'line', 'card', 'on-quadrant'];
    for (const name of names) this.colours[name] = colour(name);
    this.draw();
  }

  /** Begin anew, with the ticks that there are. */
  restart() {
    this.next = this.count = 0;
    this.columns.getContext('2d').clearRect(0, 0, this.columns.width, BANDS);
    this.push(this.live.stream.ticks);
  }

  /** Take new ticks, and show them, or leave that to the next ones. */
  push(ticks, shown = true) {
    const context = this.columns.getContext('2d');
    for (const tick of ticks) {
      const image = context.createImageData(1, BANDS);
      const bands = atob(tick[COLUMN] ?? '');
      for (let band = 0; band < bands.length; band += 1) {
        const shade = this.ramp[bands.charCodeAt(band)];
        image.data.set(shade, 4 * (BANDS - 1 - band));
      }
      context.putImageData(image, this.next, 0);
      this.newest = tick[AT];
      this.count = Math.min(this.count + 1, this.columns.width);
      this.next = (this.next + 1) % this.columns.width;
    }
    if (shown) this.draw();
  }

  draw() {
    const { context, width, height, live } = this;
    if (!context || !width) return;
    this.now = live.now();
    this.from = this.now - this.spanS;
    this.strip = Math.round((height - BAR) * STRIP);
    this.reach = (height - BAR - SCALE - this.strip) / 2 - 2;
    this.middle = BAR + this.reach + 2;
    context.clearRect(0, 0, width, height);
    this.#drawSpectrum();
    this.#drawScale();
    this.#drawSections();
    const ticks = live.stream.ticks.slice(-TICK_HZ * this.spanS);
    this.#drawLine(ticks, PLAYER_V, PLAYER_SURE, this.colours.player, [2, 3]);
    this.#drawLine(ticks, PLAYER_V + 1, PLAYER_SURE, this.colours.player, [6, 3]);
    this.#drawLine(ticks, AROUSAL, CONFIDENCE, this.colours.arousal, []);
    this.#drawLine(ticks, VALENCE, CONFIDENCE, this.colours.valence, []);
    this.#drawSigns();
  }

  #x(at) {
    return (at - this.from) / this.spanS * this.width;
  }

  #drawSpectrum() {
    const { context, columns, height, strip, next, count } = this;
    const step = this.width / (TICK_HZ * this.spanS);
    const shown = Math.min(count, Math.ceil(this.spanS * TICK_HZ));
    const right = this.#x(this.newest);
    const late = Math.min(shown, next);   // columns before the place where the next one is put
    const early = shown - late;           // those that lie at the end of the ring
    const top = height - strip;
    const put = (first, number, x) => number > 0 && context.drawImage(
      columns, first, 0, number, BANDS, x, top, number * step, strip,
    );
    put(next - late, late, right - late * step);
    put(columns.width - early, early, right - shown * step);
  }

  #drawScale() {
    const { context, width, height, colours } = this;
    context.strokeStyle = colours.line;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(0, this.middle);
    context.lineTo(width, this.middle);
    context.stroke();
    context.fillStyle = colours.dim;
    context.font = '10px system-ui, sans-serif';
    context.textAlign = 'center';
    const every = this.spanS > 150 ? 60 : this.spanS > 60 ? 30 : 15;
    for (let past = every; past < this.spanS; past += every) {
      const x = this.#x(this.now - past);
      context.fillText(`−${minutes(past)}`, x, height - this.strip - 3);
    }
  }

  /** Sections that have ended, by the mean of what they expressed, and the one that runs. */
  #drawSections() {
    const { context, width, colours } = this;
    const { events, values, about } = this.live.stream;
    const turns = [];
    for (const [at, name, args] of events) {
      if (name === 'segment/boundary') turns.push({ id: args[0], at: at - args[1] / 1000, strength: args[2] });
      if (name === 'segment/summary') {
        const before = turns.filter(turn => turn.id > args[0]).shift();
        if (before) before.ended = quadrantOf(args[1], args[2]);
      }
    }
    const begun = this.live.stream.ticks.find(tick => tick[CONFIDENCE] > 0)?.[AT];
    if (begun === undefined) return;
    const edges = [{ at: begun }, ...turns];
    edges.forEach((edge, index) => {
      const following = edges[index + 1];
      const quadrant = following ? following.ended ?? 0 : values.quadrant?.[0] ?? 0;
      const left = Math.max(this.#x(edge.at), 0);
      const right = following ? this.#x(following.at) : width;
      if (right <= 0) return;
      context.fillStyle = colours[`q${quadrant}`];
      context.beginPath();
      context.roundRect(left + 1, 1, Math.max(right - left - 2, 1), BAR - 4, 4);
      context.fill();
      const label = about.labels[quadrant] ?? '';
      context.font = '600 11px system-ui, sans-serif';
      if (quadrant && context.measureText(label).width < right - left - 10) {
        context.fillStyle = colours['on-quadrant'];
        context.textAlign = 'left';
        context.fillText(label, left + 6, BAR - 6.5);
      }
    });
    context.strokeStyle = colours.text;
    for (const { at, strength } of turns) {
      context.globalAlpha = 0.35 + 0.65 * (strength ?? 1);
      const x = Math.round(this.#x(at)) + 0.5;
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, this.height);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  #drawLine(ticks, column, sure, stroke, dash) {
    const { context } = this;
    context.strokeStyle = stroke;
    context.lineWidth = 1.8;
    context.setLineDash(dash);
    context.beginPath();
    let last = null;
    for (const tick of ticks) {
      if (tick[AT] < this.from || tick[column] === null || !(tick[sure] > 0)) continue;
      const place = [this.#x(tick[AT]), this.middle - tick[column] / 100 * this.reach];
      if (last === null || tick[AT] - last > LONGEST_GAP_S) context.moveTo(...place);
      else context.lineTo(...place);
      last = tick[AT];
    }
    context.stroke();
    context.setLineDash([]);
  }

  /** Marks and requests: a flag at the top, a diamond at the bottom. */
  #drawSigns() {
    const { context, colours, middle, reach } = this;
    for (const [at, name, args] of this.live.stream.events) {
      const x = this.#x(at);
      if (x < 0) continue;
      context.fillStyle = colours.text;
      context.strokeStyle = colours.card;
      context.lineWidth = 1.5;
      if (name === 'mark') {
        context.beginPath();
        context.moveTo(x, BAR - 1);
        context.lineTo(x + 9, BAR + 4);
        context.lineTo(x, BAR + 9);
        context.closePath();
        context.fill();
      } else if (name === 'request') {
        context.beginPath();
        const y = middle - args[2] * reach;
        for (const [right, down] of [[0, -6], [6, 0], [0, 6], [-6, 0]]) {
          context.lineTo(x + right, y + down);
        }
        context.closePath();
        context.fill();
        context.stroke();
      }
    }
  }
}

function quadrantOf(valence, arousal) {
  if (!valence && !arousal) return 0;
  return arousal >= 0 ? (valence >= 0 ? 1 : 2) : (valence >= 0 ? 4 : 3);
}

/** 256 shades between colours; what is silent is transparent. */
function ramp(colours) {
  const parts = colours.map(hex => [1, 3, 5].map(place => parseInt(hex.slice(place, place + 2), 16)));
  return Array.from({ length: 256 }, (_, value) => {
    const along = value / 255 * (parts.length - 1);
    const low = Math.min(Math.floor(along), parts.length - 2);
    const shade = parts[low].map((from, axis) => from + (along - low) * (parts[low + 1][axis] - from));
    return [...shade, value ? 255 : 0];
  });
}
