// As much of p5.js as the sketch uses, written for its test; p5 itself is not part of the project.
// What is drawn is kept in `drawn`, the newest of each kind.
'use strict';
const drawn = {};
let width, height, mouseX = 120, mouseY = 120;
const createCanvas = (w, h) => { width = w; height = h; };
const lerp = (from, to, share) => from + (to - from) * share;
const map = (x, a, b, c, d) => c + (x - a) / (b - a) * (d - c);
const print = line => { drawn.print = line; };
for (const name of ['background', 'circle', 'fill', 'noFill', 'noStroke', 'stroke', 'text', 'textSize']) {
  window[name] = (...args) => { drawn[name] = args; };
}
addEventListener('load', () => {
  setup();
  const frame = () => { draw(); setTimeout(frame, 16); };
  frame();
});
