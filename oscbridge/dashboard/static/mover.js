// What glides: an element whose place is told now and then, and which the compositor moves between.
//
// It is one animation that hardly ever ends, and of which only the glide at its beginning counts: each
// place gives it new key frames and lets it begin anew, from where the last glide has got to. A
// transition in the style sheet would look the same, but cost this thread a frame more each time.

const GLIDE_MS = 600;          // about twice the time between two words of the run
const LASTS_MS = 1e6;
const still = matchMedia('(prefers-reduced-motion: reduce)');

export class Mover {
  constructor(element) {
    this.from = this.to = null;  // [x, y], pixels
    this.since = this.during = 0;
    this.element = element;
    this.animation = null;
  }

  /** Glide to a place, within so many milliseconds. */
  glide(x, y, during = GLIDE_MS) {
    if (this.to?.[0] === x && this.to[1] === y) return;
    const now = document.timeline.currentTime;
    this.from = this.to && !still.matches ? this.#at(now) : [x, y];
    this.to = [x, y];
    this.since = now;
    this.during = during;
    const there = written(this.to);
    const frames = [
      { transform: written(this.from), offset: 0 },
      { transform: there, offset: during / LASTS_MS },
      { transform: there, offset: 1 },
    ];
    if (this.animation) this.animation.effect.setKeyframes(frames);
    else this.animation = this.element.animate(frames, { duration: LASTS_MS, fill: 'both' });
    this.animation.startTime = now;
  }

  /** Be there at once when it is shown again. */
  forget() {
    this.to = null;
  }

  #at(now) {
    const along = Math.min((now - this.since) / this.during, 1);
    return this.from.map((from, axis) => from + along * (this.to[axis] - from));
  }
}

function written([x, y]) {
  return `translate(${x}px,${y}px)`;
}
