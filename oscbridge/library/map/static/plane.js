// The plane: points of all tracks on a canvas, which can be zoomed, shifted, touched and walked.
//
// Each kind of point is drawn once into a small picture and then copied: a hundred thousand points
// are drawn between two frames. Shapes tell quadrants as colours do.

const MARGIN = 26;             // pixels beside -1 and 1: words stand there
const CLOSEST = 40;
const REACH = 14;              // pixels from a point at which it is still meant
const DRAG = 4;                // pixels that a finger may tremble
const BUCKETS = 12;            // shades of what is a number

class Plane {
  constructor(canvas, library, words) {
    Object.assign(this, { canvas, library, words });
    this.passing = new Uint8Array(library.count).fill(1);
    this.colourBy = 'quadrant';
    this.selected = null;
    this.chosen = () => {};    // called with a track, or null
    this.pointed = () => {};   // called with a track or null, and where it is
    this.pointers = new Map();
    this.whole();
    new ResizeObserver(() => this.#resize()).observe(canvas);
    canvas.addEventListener('pointerdown', event => this.#press(event));
    canvas.addEventListener('pointermove', event => this.#move(event));
    canvas.addEventListener('pointerup', event => this.#release(event));
    canvas.addEventListener('pointercancel', event => this.pointers.delete(event.pointerId));
    canvas.addEventListener('pointerleave', () => this.pointed(null));
    canvas.addEventListener('wheel', event => this.#turn(event), { passive: false });
  }

  /** Take colours anew: the theme or what they mean has changed. */
  recolour() {
    colours.clear();
    this.sprites = new Map();
    this.wake();
  }

  /** Draw soon. */
  wake() {
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      if (this.context) this.#draw();
    });
  }

  whole() {
    Object.assign(this, { valence: 0, arousal: 0, zoom: 1 });
    this.wake();
  }

  /** Zoom; the point of the plane under (x, y) stays where it is. */
  zoomBy(factor, x = this.width / 2, y = this.height / 2) {
    const [valence, arousal] = this.pointAt(x, y);
    this.zoom = Math.min(Math.max(this.zoom * factor, 1), CLOSEST);
    const [v, a] = this.pointAt(x, y);
    this.#shift(valence - v, arousal - a);
  }

  /** Show a track: where it lies outside, the map moves. */
  show(track) {
    this.selected = track;
    if (track !== null) {
      const [x, y] = this.place(...this.library.point(track));
      if (x < 0 || y < 0 || x > this.width || y > this.height) {
        [this.valence, this.arousal] = this.library.point(track);
        this.#shift(0, 0);
      }
    }
    this.wake();
  }

  /** The track that passes and lies nearest in a direction; null where there is none. */
  towards(dx, dy) {
    const from = this.selected === null
      ? [this.valence, this.arousal] : this.library.point(this.selected);
    let best = null;
    let least = Infinity;
    for (let i = 0; i < this.library.count; i++) {
      if (!this.passing[i] || i === this.selected) continue;
      const [v, a] = this.library.point(i);
      const along = (v - from[0]) * dx + (a - from[1]) * dy;
      const across = Math.abs((v - from[0]) * dy) + Math.abs((a - from[1]) * dx);
      if (this.selected !== null && (along <= 0 || across > 2 * along)) continue;
      const far = Math.abs(along) + 2 * across;
      if (far < least) [best, least] = [i, far];
    }
    return best;
  }

  /** Pixels of a point of the plane. */
  place(valence, arousal) {
    return [
      this.width / 2 + (valence - this.valence) * this.scale,
      this.height / 2 - (arousal - this.arousal) * this.scale,
    ];
  }

  pointAt(x, y) {
    return [
      this.valence + (x - this.width / 2) / this.scale,
      this.arousal - (y - this.height / 2) / this.scale,
    ];
  }

  get scale() {
    return this.zoom * Math.max(Math.min(this.width, this.height) / 2 - MARGIN, 1);
  }

  #shift(valence, arousal) {
    const most = 1 - 1 / this.zoom + MARGIN / this.scale;
    const held = value => Math.min(Math.max(value, -most), most);
    this.valence = held(this.valence + valence);
    this.arousal = held(this.arousal + arousal);
    this.wake();
  }

  #resize() {
    const { width, height } = this.canvas.getBoundingClientRect();
    const ratio = Math.min(devicePixelRatio, 2);
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.context = this.canvas.getContext('2d');
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    Object.assign(this, { width, height, ratio });
    this.recolour();
  }

  // ------------------------------------------------------------------------- fingers and mice

  #at(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #press(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, this.#at(event));
    this.moved = this.pointers.size > 1;
    this.began = this.#at(event);
  }

  #move(event) {
    const [x, y] = this.#at(event);
    const before = this.pointers.get(event.pointerId);
    if (!before) {
      const track = this.#trackAt(x, y);
      this.pointed(track, x, y);
      return;
    }
    if (this.pointers.size === 2) {
      const [other] = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      const factor = Math.hypot(x - other[0], y - other[1])
        / Math.max(Math.hypot(before[0] - other[0], before[1] - other[1]), 1);
      this.zoomBy(factor, (x + other[0]) / 2, (y + other[1]) / 2);
    } else if (this.moved || Math.hypot(x - this.began[0], y - this.began[1]) > DRAG) {
      this.moved = true;
      this.pointed(null);
      this.#shift((before[0] - x) / this.scale, (y - before[1]) / this.scale);
    }
    this.pointers.set(event.pointerId, [x, y]);
  }

  #release(event) {
    this.pointers.delete(event.pointerId);
    if (!this.moved) this.chosen(this.#trackAt(...this.#at(event)));
  }

  #turn(event) {
    event.preventDefault();
    this.zoomBy(Math.exp(-event.deltaY / 400), ...this.#at(event));
  }

  /** The track under a place, or the nearest within reach; null: none. */
  #trackAt(x, y) {
    const [valence, arousal] = this.pointAt(x, y);
    const reach = (REACH / this.scale) ** 2;
    let best = null;
    let least = reach;
    for (let i = 0; i < this.library.count; i++) {
      if (!this.passing[i]) continue;
      const far = (this.library.valence[i] / 1e4 - valence) ** 2
        + (this.library.arousal[i] / 1e4 - arousal) ** 2;
      if (far < least) [best, least] = [i, far];
    }
    return best;
  }

  // ---------------------------------------------------------------------------------- drawing

  #draw() {
    const { context, library } = this;
    context.clearRect(0, 0, this.width, this.height);
    this.#drawGrid();
    const size = this.#size();
    for (const wanted of [0, 1]) {
      for (let i = 0; i < library.count; i++) {
        if (this.passing[i] !== wanted) continue;
        const [x, y] = this.place(library.valence[i] / 1e4, library.arousal[i] / 1e4);
        if (x < -size || y < -size || x > this.width + size || y > this.height + size) continue;
        context.globalAlpha = wanted ? 0.3 + 0.6 * Math.min(library.confidence[i] / 70, 1) : 0.07;
        const sprite = this.#sprite(i, size);
        context.drawImage(sprite, x - size, y - size, 2 * size, 2 * size);
      }
    }
    context.globalAlpha = 1;
    this.#drawWords();
    if (this.selected !== null) this.#drawSelected(size);
  }

  /** Half a point's picture, pixels: smaller where many share little room. */
  #size() {
    const room = Math.min(this.width, this.height) / Math.sqrt(this.library.count);
    return Math.min(Math.max(room * 0.7, 3.5), 12) * this.zoom ** 0.35;
  }

  #drawGrid() {
    const { context } = this;
    const [left, top] = this.place(-1, 1);
    const [right, bottom] = this.place(1, -1);
    context.strokeStyle = colour('line');
    context.lineWidth = 1;
    context.strokeRect(left, top, right - left, bottom - top);
    const [x, y] = this.place(0, 0);
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, bottom);
    context.moveTo(left, y);
    context.lineTo(right, y);
    context.stroke();
  }

  #drawWords() {
    const { context } = this;
    context.fillStyle = colour('text');
    context.strokeStyle = colour('card');
    context.lineWidth = 4;
    context.lineJoin = 'round';
    context.font = '600 14px system-ui, sans-serif';
    for (const [quadrant, v, a] of [[1, 1, 1], [2, -1, 1], [3, -1, -1], [4, 1, -1]]) {
      const [x, y] = this.place(v, a);
      context.textAlign = v < 0 ? 'left' : 'right';
      context.textBaseline = a < 0 ? 'top' : 'bottom';
      context.strokeText(this.words[quadrant], x, y - 6 * a);
      context.fillText(this.words[quadrant], x, y - 6 * a);
    }
  }

  /** How sure a track's place is, and its way from section to section. */
  #drawSelected(size) {
    const { context, library, selected } = this;
    const [x, y] = this.place(...library.point(selected));
    const sections = library.course(selected).filter(section => section.valence !== null)
      .map(section => this.place(section.valence, section.arousal));
    const unsure = new Path2D();
    unsure.ellipse(x, y, library.valence_sd[selected] / 100 * this.scale,
      library.arousal_sd[selected] / 100 * this.scale, 0, 0, 2 * Math.PI);
    const way = new Path2D();
    for (const at of sections) way.lineTo(...at);
    const ring = new Path2D();
    ring.arc(x, y, size * 0.75 + 4, 0, 2 * Math.PI);
    for (const [ink, wider] of [['card', 3], ['text', 0]]) {
      context.strokeStyle = context.fillStyle = colour(ink);
      context.setLineDash([5, 4]);
      context.lineWidth = 1.25 + wider;
      context.stroke(unsure);
      context.setLineDash([]);
      context.stroke(way);
      for (const at of sections) {
        context.beginPath();
        context.arc(...at, 3 + wider / 2, 0, 2 * Math.PI);
        context.fill();
      }
      context.lineWidth = 2.5 + wider;
      context.stroke(ring);
    }
  }

  #sprite(track, size) {
    const shade = shadeOf(this.library, track, this.colourBy);
    const quadrant = this.library.quadrant[track];
    const name = `${shade} ${quadrant}`;
    if (this.spriteSize !== size) {
      this.sprites.clear();
      this.spriteSize = size;
    }
    if (!this.sprites.has(name)) {
      const sprite = document.createElement('canvas');
      sprite.width = sprite.height = Math.ceil(2 * size * this.ratio);
      const context = sprite.getContext('2d');
      context.scale(sprite.width / 2, sprite.width / 2);
      context.translate(1, 1);
      drawSign(context, quadrant, shadeColour(shade, this.colourBy));
      this.sprites.set(name, sprite);
    }
    return this.sprites.get(name);
  }
}

/** Which colour a track has: a quadrant, or a shade from 0 to BUCKETS - 1; -1 unknown. */
function shadeOf(library, track, by) {
  if (by === 'quadrant') return library.quadrant[track];
  const value = by === 'energy' ? (library.energy[track] - 1) / 9
    : (library.tempo_bpm[track] / 10 - 60) / 120;
  if (by === 'tempo' && !library.tempo_bpm[track]) return -1;
  return Math.round(Math.min(Math.max(value, 0), 1) * (BUCKETS - 1));
}

function shadeColour(shade, by) {
  if (by === 'quadrant') return colour(`q${shade}`);
  if (shade < 0) return colour('q0');
  const share = Math.round(100 * shade / (BUCKETS - 1));
  return mixed(`color-mix(in oklab, var(--high) ${share}%, var(--low))`);
}

/** A shape within -1..1: circle, triangle, square, diamond for 1 to 4, a ring for what is unknown. */
function drawSign(context, quadrant, fill) {
  context.fillStyle = context.strokeStyle = fill;
  context.beginPath();
  if (quadrant === 2) {
    [[0, -0.66], [0.66, 0.5], [-0.66, 0.5]].forEach(point => context.lineTo(...point));
  } else if (quadrant === 3) {
    context.rect(-0.48, -0.48, 0.96, 0.96);
  } else if (quadrant === 4) {
    [[0, -0.7], [0.7, 0], [0, 0.7], [-0.7, 0]].forEach(point => context.lineTo(...point));
  } else {
    context.arc(0, 0, 0.55, 0, 2 * Math.PI);
  }
  context.closePath();
  context.lineWidth = 0.2;
  if (quadrant) context.fill();
  else context.stroke();
}

/** The sign of a quadrant as an element. */
function signOf(quadrant, fill = colour(`q${quadrant}`)) {
  const canvas = document.createElement('canvas');
  canvas.className = 'sign';
  canvas.width = canvas.height = 28;
  const context = canvas.getContext('2d');
  context.translate(14, 14);
  context.scale(14, 14);
  drawSign(context, quadrant, fill);
  return canvas;
}

/** A colour of the style sheet, as it is now. */
function colour(name) {
  return mixed(`var(--${name})`);
}

const colours = new Map();     // asking the style sheet is slow; `recolour` forgets them

function mixed(text) {
  if (!colours.has(text)) {
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = text;
    colours.set(text, getComputedStyle(probe).color);
    probe.remove();
  }
  return colours.get(text);
}
