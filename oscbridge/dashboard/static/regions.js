// The user's own words in the plane: each a circle that can be dragged, and a handle to size it.

import { $, make, within } from './dom.js';

const STEP = 0.05;
const SMALLEST = 0.08;
const WIDEST = 1.5;
const SLIP_PX = 6;             // a finger that only touches moves so far

export class Regions {
  constructor(live, plane, say) {
    this.live = live;
    this.plane = plane;
    this.say = say;            // says something, and shows what became of it
    this.elements = new Map(); // by name
    this.dragged = null;       // name, while a finger has it
  }

  /** Show the regions as they are, and how much each word fits. */
  update() {
    const { regions, values } = this.live.stream;
    const names = new Set(regions.map(region => region.name));
    for (const [name, element] of this.elements) {
      if (!names.has(name)) {
        element.remove();
        this.elements.delete(name);
      }
    }
    for (const region of regions) {
      const element = this.elements.get(region.name) ?? this.#make(region.name);
      if (this.dragged !== region.name) this.#place(element, region);
      element.style.setProperty('--weight', values[`label/${region.slug}`]?.[0] ?? 0);
    }
  }

  /** Tell where a region is now. */
  define({ name, valence, arousal, valence_radius: across, arousal_radius: along }) {
    return this.say(null, 'in/label/define', name, valence, arousal, across, along);
  }

  #make(name) {
    const move = make('button', { type: 'button', className: 'move' }, name);
    const size = make('button', { type: 'button', className: 'size' });
    size.setAttribute('aria-label', `width of ${name}`);
    const element = make('div', { className: 'region' }, move, size);
    this.#listen(move, name, (region, [valence, arousal]) => ({ ...region, valence, arousal }));
    this.#listen(size, name, (region, [valence, arousal]) => sized(
      region, Math.hypot(valence - region.valence, arousal - region.arousal),
    ));
    move.addEventListener('keydown', event => this.#press(event, name));
    this.elements.set(name, element);
    $('regions').append(element);
    return element;
  }

  /** Let `handle` be dragged; `change` makes a region of the last one and a point. */
  #listen(handle, name, change) {
    let region = null;
    let start = null;          // where the finger came down, as long as it stays there
    handle.addEventListener('pointerdown', event => {
      handle.setPointerCapture(event.pointerId);
      this.dragged = name;
      region = this.#find(name);
      start = [event.clientX, event.clientY];
    });
    handle.addEventListener('pointermove', event => {
      if (!region) return;
      if (start) {
        const [x, y] = start;
        if (Math.hypot(event.clientX - x, event.clientY - y) < SLIP_PX) return;
        start = null;
      }
      region = change(region, this.plane.pointOf(event));
      this.#place(this.elements.get(name), region);
    });
    const drop = () => {
      if (region && !start) this.define(region);
      region = this.dragged = null;
    };
    handle.addEventListener('pointerup', drop);
    handle.addEventListener('pointercancel', () => {
      region = this.dragged = null;
      this.update();
    });
  }

  #press(event, name) {
    const region = this.#find(name);
    const changed = {
      ArrowLeft: { valence: region.valence - STEP },
      ArrowRight: { valence: region.valence + STEP },
      ArrowUp: { arousal: region.arousal + STEP },
      ArrowDown: { arousal: region.arousal - STEP },
      '+': sized(region, region.valence_radius + STEP),
      '-': sized(region, region.valence_radius - STEP),
    }[event.key];
    if (!changed) return;
    event.preventDefault();
    const moved = { ...region, ...changed };
    moved.valence = within(moved.valence, -1, 1);
    moved.arousal = within(moved.arousal, -1, 1);
    this.define(moved);
  }

  #find(name) {
    return this.live.stream.regions.find(region => region.name === name);
  }

  #place(element, region) {
    element.style.left = `${50 * (region.valence + 1)}%`;
    element.style.top = `${50 * (1 - region.arousal)}%`;
    element.style.width = `${100 * region.valence_radius}%`;
    element.style.height = `${100 * region.arousal_radius}%`;
    element.style.setProperty('--across', region.valence ** 3);
    element.style.setProperty('--up', region.arousal ** 3);
  }
}

/** The region, as wide as that and of the same form. */
function sized(region, radius) {
  const wide = within(radius, SMALLEST, WIDEST);
  const high = within(region.arousal_radius * wide / region.valence_radius, SMALLEST, WIDEST);
  return { ...region, valence_radius: wide, arousal_radius: high };
}

/** The list of regions beside the plane. */
export function listRegions(stream, remove) {
  const rows = stream.regions.map(({ name, examples }) => {
    const button = make('button', { type: 'button', className: 'quiet' }, 'Delete');
    button.setAttribute('aria-label', `delete ${name}`);
    button.addEventListener('click', () => remove(name));
    const learned = examples === 1 ? '1 example' : `${examples} examples`;
    const said = make('span', { className: 'dim' }, examples ? learned : '');
    return make('li', {}, make('b', {}, name), said, button);
  });
  $('region-list').replaceChildren(
    ...(rows.length ? rows : [make('li', { className: 'dim' }, 'None yet.')]),
  );
}
