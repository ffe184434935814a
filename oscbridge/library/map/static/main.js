// The page: filters, the list of what they leave, the track that is looked at, and the keyboard.

const LISTED = 200;
const NEAR = 5;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

const $ = id => document.getElementById(id);

/** Make an element: make('li', { className: 'x' }, 'text', child). */
function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

class Page {
  constructor(library, words) {
    Object.assign(this, { library, words });
    this.plane = new Plane($('points'), library, words);
    this.plane.chosen = track => this.select(track);
    this.plane.pointed = (track, x, y) => this.#point(track, x, y);
    this.#fillChoices();
    $('filters').addEventListener('input', () => this.#filter());
    $('filters').addEventListener('reset', () => setTimeout(() => this.#filter()));
    $('filters').addEventListener('submit', event => event.preventDefault());
    $('words').addEventListener('keydown', event => {
      if (event.key === 'Enter' && this.listed.length) this.select(this.listed[0]);
    });
    $('colour-by').addEventListener('change', () => this.#recolour());
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#recolour());
    $('closer').addEventListener('click', () => this.plane.zoomBy(1.5));
    $('farther').addEventListener('click', () => this.plane.zoomBy(1 / 1.5));
    $('whole').addEventListener('click', () => this.plane.whole());
    $('theme').addEventListener('click', () => this.#turnTheme());
    $('list').addEventListener('click', event => {
      const row = event.target.closest('li');
      if (row) this.select(Number(row.dataset.track));
    });
    $('points').addEventListener('keydown', event => this.#walk(event));
    $('list').addEventListener('keydown', event => this.#walkList(event));
    document.addEventListener('keydown', event => this.#press(event));
    this.#recolour();
    this.#filter();
  }

  /** Look at a track, or at none (null). */
  select(track) {
    this.plane.show(track);
    this.#markListed(track);
    $('track').hidden = track === null;
    if (track !== null) $('track').replaceChildren(...this.#told(track));
  }

  // ---------------------------------------------------------------------------------- filters

  #fillChoices() {
    const { library } = this;
    const used = new Set(library.key);
    const keys = library.keys.map(([name, code], key) => ({ name: `${code} · ${name}`, key }))
      .filter(({ key }) => used.has(key));
    keys.sort((one, other) => parseInt(one.name) - parseInt(other.name)
      || one.name.localeCompare(other.name));
    $('key').append(...keys.map(({ name, key }) => make('option', { value: key }, name)));
    const genres = library.genres.map((name, genre) => ({ name, genre })).slice(1);
    genres.sort((one, other) => one.name.localeCompare(other.name));
    $('genre').append(...genres.map(({ name, genre }) => make('option', { value: genre }, name)));
  }

  #filter() {
    const number = (id, otherwise) => $(id).value === '' ? otherwise : Number($(id).value);
    const [low, high] = [number('tempo-low', null), number('tempo-high', null)];
    const passing = this.library.passing({
      words: $('words').value,
      energy: [number('energy-low', 0), number('energy-high', 10)],
      tempo: low === null && high === null ? null : [low ?? 0, high ?? Infinity],
      key: number('key', null),
      fitting: $('fitting').checked,
      genre: number('genre', null),
    });
    this.plane.passing = passing;
    this.plane.wake();
    this.#list(passing);
  }

  #list(passing) {
    const { library } = this;
    const counts = [0, 0, 0, 0, 0];
    this.listed = [];
    for (let i = 0; i < library.count; i++) {
      if (!passing[i]) continue;
      counts[library.quadrant[i]] += 1;
      if (this.listed.length < LISTED) this.listed.push(i);
    }
    const found = counts.reduce((sum, count) => sum + count);
    const most = found > LISTED ? `, the first ${LISTED} are listed` : '';
    $('count').textContent = found === 0 ? 'No track is like that.'
      : `${found.toLocaleString('en')} of ${library.count.toLocaleString('en')} tracks${most}`;
    $('list').replaceChildren(...this.listed.map(track => this.#row(track)));
    $('list').scrollTop = 0;
    this.#markListed(this.plane.selected);
    this.counts = counts;
    this.#legend();
  }

  #row(track) {
    const { library } = this;
    const bpm = library.tempo_bpm[track] ? Math.round(library.tempo_bpm[track] / 10) : '–';
    const key = library.keys[library.key[track]]?.[1] ?? '–';
    const row = make('li', { role: 'option', id: `track-${track}` },
      signOf(library.quadrant[track]), make('span', { className: 'name' }, library.called(track)),
      make('span', { className: 'more' }, `E${library.energy[track]} · ${bpm} · ${key}`));
    row.dataset.track = track;
    row.ariaSelected = 'false';
    return row;
  }

  #markListed(track) {
    for (const row of $('list').querySelectorAll('[aria-selected=true]')) row.ariaSelected = 'false';
    const row = track === null ? null : $(`track-${track}`);
    if (!row) {
      $('list').removeAttribute('aria-activedescendant');
      return;
    }
    row.ariaSelected = 'true';
    $('list').setAttribute('aria-activedescendant', row.id);
    const list = $('list');
    if (row.offsetTop < list.scrollTop) list.scrollTop = row.offsetTop;
    const beyond = row.offsetTop + row.offsetHeight - list.clientHeight;
    if (beyond > list.scrollTop) list.scrollTop = beyond;
  }

  // -------------------------------------------------------------------------------- one track

  #told(track) {
    const { library } = this;
    const [valence, arousal] = library.point(track);
    const loudness = library.loudness_lufs[track];
    const artist = library.names[track][0] ? library.names[track][1] : '';
    const facts = [
      ['valence', `${signed(valence)} ± ${(library.valence_sd[track] / 100).toFixed(2)}`],
      ['arousal', `${signed(arousal)} ± ${(library.arousal_sd[track] / 100).toFixed(2)}`],
      ['expresses', `${this.words[library.quadrant[track]]}, ${library.confidence[track]} % sure`],
      ['energy', `${library.energy[track]} of 10`],
      ['tempo', library.tempo_bpm[track] ? `${(library.tempo_bpm[track] / 10).toFixed(1)} BPM` : '–'],
      ['key', library.keyName(track)],
      ['length', minutes(library.duration_s[track])],
      ['loudness', loudness === NOT_KNOWN ? '–' : `${String(loudness).replace('-', '−')} LUFS`],
      ['genre', library.genres[library.genre[track]] || '–'],
    ];
    const path = library.path(track);
    const where = make('code', {}, path);
    const copy = make('button', { type: 'button', className: 'quiet' }, 'Copy');
    copy.addEventListener('click', async () => {
      getSelection().selectAllChildren(where);  // where browsers let no page copy
      await navigator.clipboard?.writeText(path);
      copy.textContent = navigator.clipboard ? 'Copied' : 'Selected';
    });
    return [
      make('h2', {}, library.names[track][0] || library.names[track][2]),
      make('p', { className: 'dim' }, artist),
      make('div', { className: 'path' }, where, copy),
      make('dl', {}, ...facts.map(([name, value]) =>
        make('div', {}, make('dt', {}, name), make('dd', {}, value)))),
      ...this.#course(track),
      ...this.#near(track),
    ];
  }

  #course(track) {
    const course = this.library.course(track);
    if (!course.length) return [];
    const bar = make('div', { className: 'course', role: 'img', ariaLabel: 'Sections' });
    const rows = course.map(({ from, to, valence, arousal }) => {
      const quadrant = quadrantOf(valence, arousal);
      const part = bar.appendChild(make('i'));
      part.style.flexGrow = Math.max(to - from, 0.5);
      part.style.background = `var(--q${quadrant})`;
      const numbers = valence === null ? ['–', '–'] : [signed(valence), signed(arousal)];
      return make('tr', {}, ...[minutes(from), ...numbers, this.words[quadrant]].map(cell =>
        make('td', {}, cell)));
    });
    const head = make('tr', {}, ...['from', 'valence', 'arousal', ''].map(cell =>
      make(cell ? 'th' : 'td', {}, cell)));
    return [make('h3', {}, 'Sections'), bar, make('div', { className: 'table', tabIndex: 0,
      role: 'region', ariaLabel: 'Sections' }, make('table', {},
      make('thead', {}, head), make('tbody', {}, ...rows)))];
  }

  #near(track) {
    const near = this.library.nearest(track, this.plane.passing, NEAR);
    if (!near.length) return [];
    const buttons = near.map(other => {
      const button = make('button', { type: 'button' }, this.library.called(other));
      button.addEventListener('click', () => this.select(other));
      return button;
    });
    return [make('h3', {}, 'Expresses nearly the same'), make('div', { className: 'near' }, ...buttons)];
  }

  #point(track, x, y) {
    const hint = $('hint');
    hint.hidden = track === null;
    if (track === null) return;
    const { library } = this;
    hint.replaceChildren(make('b', {}, library.called(track)),
      `valence ${signed(library.point(track)[0])} · arousal ${signed(library.point(track)[1])}`
      + ` · energy ${library.energy[track]}`);
    const plane = $('plane').getBoundingClientRect();
    hint.style.left = `${Math.min(x + 14, plane.width - hint.offsetWidth - 8)}px`;
    const above = y + 18 + hint.offsetHeight > plane.height;
    hint.style.top = `${above ? y - hint.offsetHeight - 14 : y + 18}px`;
  }

  // -------------------------------------------------------------------------- colours and keys

  #legend() {
    const by = this.plane.colourBy;
    if (by === 'quadrant') {
      $('legend').replaceChildren(...[1, 2, 3, 4, 0].filter(q => q || this.counts[0]).map(q =>
        make('li', {}, signOf(q), `${this.words[q]} ${this.counts[q].toLocaleString('en')}`)));
      return;
    }
    const [low, high] = by === 'energy' ? ['1', '10'] : ['60 or less', '180 BPM or more'];
    $('legend').replaceChildren(make('li', {}, low, make('i', { className: 'ramp' }), high));
  }

  #recolour() {
    this.plane.colourBy = $('colour-by').value;
    this.plane.recolour();
    if (this.counts) this.#list(this.plane.passing);
  }

  #turnTheme() {
    const root = document.documentElement;
    const dark = colourScheme() === 'dark';
    root.dataset.theme = dark ? 'light' : 'dark';
    this.#recolour();
  }

  #press(event) {
    if (event.key === 'Escape') {
      if ($('words').value) {
        $('words').value = '';
        this.#filter();
      } else {
        this.select(null);
      }
      this.#point(null);
    }
    if (event.key === '/' && !event.target.closest('input, select')) {
      event.preventDefault();
      $('words').focus();
    }
  }

  #walk(event) {
    const act = { '+': () => this.plane.zoomBy(1.5), '-': () => this.plane.zoomBy(1 / 1.5),
      0: () => this.plane.whole() }[event.key];
    const move = MOVES[event.key];
    if (!act && !move) return;
    event.preventDefault();
    if (act) {
      act();
      return;
    }
    const track = this.plane.towards(...move);
    if (track !== null) this.select(track);
  }

  #walkList(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -LISTED, End: LISTED }[event.key];
    if (!step || !this.listed.length) return;
    event.preventDefault();
    const at = this.listed.indexOf(this.plane.selected);
    const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), this.listed.length - 1);
    this.select(this.listed[next]);
  }
}

/** 'dark' or 'light': as the reader chose, or as the system says. */
function colourScheme() {
  return document.documentElement.dataset.theme
    ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
}

async function begin() {
  const told = JSON.parse($('words-of-quadrants').textContent);
  const library = new Library(await unpacked($('packed').textContent.trim()));
  const joined = library.joined
    ? ` · of ${library.joined.toLocaleString('en')} only the main sections are shown` : '';
  $('summary').textContent = `${library.count.toLocaleString('en')} tracks by what they express${joined}`;
  window.oscbridge = new Page(library, told);
}

begin().catch(error => {
  $('summary').textContent = 'This browser is too old to unpack the page: it takes one of 2024 or later.'
    + ` (${error})`;
});
