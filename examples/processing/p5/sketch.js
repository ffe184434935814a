// What oscbridge hears, in p5.js: a disc on the plane of emotions, rings where the music turns.
// A click says how the player feels; a key asks for other music there.

const PORT = new URLSearchParams(location.search).get('port') || 7772;
const HEARD = {
  '/oscbridge/va': (v, a) => { valence = v; arousal = a; },
  '/oscbridge/confidence': c => { confidence = c; },
  '/oscbridge/quadrant/label': word => { label = word; },
  '/oscbridge/segment/boundary': () => { ring = 1; },
  '/oscbridge/request/go': (id, word, quantise) => {
    print(`${word} is asked for, ${quantise}`);           // change your music here
    say('/oscbridge/in/request/ack', 'is', id, 'started');
    say('/oscbridge/in/request/ack', 'is', id, 'done');
  },
};

let socket;
let valence = 0, arousal = 0, confidence = 0;             // what the music expresses
let shownValence = 0, shownArousal = 0;
let label = 'looking for oscbridge …';
let ring = 0;                                             // 1 where a section begins, then fading

function setup() {
  createCanvas(480, 480);
  textSize(24);
  connect();
}

function draw() {
  shownValence = lerp(shownValence, valence, 0.1);
  shownArousal = lerp(shownArousal, arousal, 0.1);
  ring *= 0.95;
  background(36 + 30 * shownArousal, 36, 43 - 30 * shownValence);
  const x = map(shownValence, -1, 1, 0, width), y = map(shownArousal, -1, 1, height, 0);
  noStroke();
  fill(230, 190 + 60 * shownValence, 120);
  circle(x, y, 30 + 100 * confidence);
  noFill();
  stroke(255, 255 * ring);
  circle(x, y, 400 * (1 - ring));
  noStroke();
  fill(255);
  text(label, 20, 40);
}

function mousePressed() {
  say('/oscbridge/in/affect/va', 'ff', map(mouseX, 0, width, -1, 1), map(mouseY, 0, height, 1, -1));
}

function keyPressed() {
  say('/oscbridge/in/request/make', 'ff', map(mouseX, 0, width, -1, 1), map(mouseY, 0, height, 1, -1));
}

function connect() {
  socket = new WebSocket(`ws://127.0.0.1:${PORT}/`);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => {
    for (const address of Object.keys(HEARD)) {
      socket.send(JSON.stringify({ COMMAND: 'LISTEN', DATA: address }));
    }
  };
  socket.onmessage = event => {
    const [address, ...args] = readOsc(event.data);
    HEARD[address]?.(...args);
  };
  socket.onclose = () => {
    label = 'looking for oscbridge …';
    setTimeout(connect, 1000);
  };
}

// OSC 1.0, the types that oscbridge speaks: i, f, s; everything is padded to four bytes.
function readOsc(buffer) {
  const view = new DataView(buffer);
  let place = 0;
  const word = () => {
    const bytes = new Uint8Array(buffer, place);
    const end = bytes.indexOf(0);
    place += end + 4 - end % 4;
    return new TextDecoder().decode(bytes.subarray(0, end));
  };
  const number = read => { place += 4; return read.call(view, place - 4); };
  const readers = { s: word, i: () => number(view.getInt32), f: () => number(view.getFloat32) };
  const address = word();
  return [address, ...[...word().slice(1)].map(type => readers[type]())];
}

function say(address, types, ...args) {
  if (socket.readyState !== WebSocket.OPEN) return;
  const word = text => {
    const bytes = new TextEncoder().encode(text);
    return [...bytes, ...Array(4 - bytes.length % 4).fill(0)];
  };
  const number = (write, value) => {
    const view = new DataView(new ArrayBuffer(4));
    write.call(view, 0, value);
    return [...new Uint8Array(view.buffer)];
  };
  const { setInt32, setFloat32 } = DataView.prototype;
  const packers = { s: word, i: value => number(setInt32, value), f: value => number(setFloat32, value) };
  const packed = args.flatMap((value, index) => packers[types[index]](value));
  socket.send(Uint8Array.from([...word(address), ...word(`,${types}`), ...packed]));
}
