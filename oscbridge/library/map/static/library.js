// The library as it lies in the page: unpacked, searched, and put into words.

const KINDS = { b: Int8Array, B: Uint8Array, h: Int16Array, H: Uint16Array, I: Uint32Array };
const NOT_KNOWN = -128;

/** gzip in base64 to bytes. */
async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).arrayBuffer();
}

class Library {
  /** Read what oscbridge.library.map.packing has written. */
  constructor(buffer) {
    let at = 4 + new DataView(buffer).getUint32(0, true);
    const document = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, at - 4)));
    Object.assign(this, document, { arrays: undefined });
    for (const [name, kind, count] of document.arrays) {
      const bytes = count * KINDS[kind].BYTES_PER_ELEMENT;
      this[name] = new KINDS[kind](buffer.slice(at, at + bytes));
      at += bytes;
    }
    this.count = this.names.length;
    this.firstSection = new Uint32Array(this.count + 1);
    for (let i = 0; i < this.count; i++) {
      this.firstSection[i + 1] = this.firstSection[i] + this.sections[i];
    }
    this.searched = this.names.map((names, i) =>
      plain(`${names.join(' ')} ${this.genres[this.genre[i]]}`));
  }

  /** Artist and title, or the file's name where the tags are silent. */
  called(track) {
    const [title, artist, file] = this.names[track];
    if (!title) return file;
    return artist ? `${artist} – ${title}` : title;
  }

  path(track) {
    return this.folders[this.folder[track]] + this.names[track][2];
  }

  point(track) {
    return [this.valence[track] / 1e4, this.arousal[track] / 1e4];
  }

  keyName(track) {
    const key = this.keys[this.key[track]];
    return key ? `${key[0]} · ${key[1]}` : '–';
  }

  /** Sections of a track: { from, to, valence, arousal }, these null where nothing is known. */
  course(track) {
    const course = [];
    for (let i = this.firstSection[track], from = 0; i < this.firstSection[track + 1]; i++) {
      const known = this.section_valence[i] !== NOT_KNOWN;
      const [valence, arousal] = known
        ? [this.section_valence[i] / 100, this.section_arousal[i] / 100] : [null, null];
      course.push({ from, to: this.section_end_s[i], valence, arousal });
      from = this.section_end_s[i];
    }
    return course;
  }

  /** Which tracks pass: Uint8Array, 1 or 0 each. */
  passing({ words, energy, tempo, key, fitting, genre }) {
    const wanted = plain(words).split(' ').filter(Boolean);
    const keys = key === null ? null : new Set(fitting ? this.fits[key] : [key]);
    const passing = new Uint8Array(this.count);
    for (let i = 0; i < this.count; i++) {
      const bpm = this.tempo_bpm[i] / 10;
      passing[i] = this.energy[i] >= energy[0] && this.energy[i] <= energy[1]
        && (tempo === null || (bpm > 0 && bpm >= tempo[0] && bpm <= tempo[1]))
        && (keys === null || keys.has(this.key[i]))
        && (genre === null || this.genre[i] === genre)
        && wanted.every(word => this.searched[i].includes(word)) ? 1 : 0;
    }
    return passing;
  }

  /** The tracks nearest to one, of those that pass. */
  nearest(track, passing, count) {
    const [valence, arousal] = this.point(track);
    const found = [];
    for (let i = 0; i < this.count; i++) {
      if (!passing[i] || i === track) continue;
      const [v, a] = this.point(i);
      found.push([(v - valence) ** 2 + (a - arousal) ** 2, i]);
    }
    return found.sort((one, other) => one[0] - other[0]).slice(0, count).map(([, i]) => i);
  }
}

/** Small letters without accents: what people type finds what was tagged. */
function plain(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function quadrantOf(valence, arousal) {
  if (valence === null) return 0;
  return arousal >= 0 ? (valence >= 0 ? 1 : 2) : (valence >= 0 ? 4 : 3);
}

/** -0.5 as "−0.50". */
function signed(value) {
  const digits = Math.abs(value).toFixed(2);
  return `${value < 0 && Number(digits) ? '−' : '+'}${digits}`;
}

/** 75 seconds as "1:15". */
function minutes(seconds) {
  const pad = number => String(number).padStart(2, '0');
  const [hours, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours ? `${hours}:${pad(rest)}` : rest}:${pad(seconds % 60)}`;
}
