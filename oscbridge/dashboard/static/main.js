// The page: connects, and lets everything draw itself when there is something new of it.

import { Actions } from './actions.js';
import { Camera } from './camera.js';
import { $, make } from './dom.js';
import { Live } from './live.js';
import { Panels } from './panels.js';
import { Plane, showNow } from './plane.js';
import { Regions } from './regions.js';
import { Timeline } from './timeline.js';

const KEYS = { t: 'teach', w: 'wrong', m: 'mark', f: 'freeze', o: 'override', p: 'panic' };

const live = new Live(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/live`);
const plane = new Plane(live);
const timeline = new Timeline(live);
const actions = new Actions(live, plane);
const regions = new Regions(live, plane, (...said) => actions.say(...said));
const panels = new Panels(live, plane, actions, regions);
const camera = new Camera(live, actions);

window.oscbridge = { live, plane, camera };   // for whoever looks in the console

let words = 0;                 // of the run, of which three come in a second

function showFigures() {
  showNow(live.stream);
  panels.updateValues();
  regions.update();
  actions.update();
}

function showAll() {
  showStreams();
  timeline.restart();
  panels.updateAbout();
  panels.updateHealth();
  panels.updateRequests();
  showFigures();
  plane.restart();
}

function showStreams() {
  const names = Object.keys(live.streams).filter(name => name || Object.keys(live.streams).length === 1);
  $('streams').parentElement.hidden = names.length < 2;
  $('streams').replaceChildren(...names.map(name =>
    make('option', { value: name, selected: name === live.shown }, name)));
}

live.addEventListener('hello', showAll);
live.addEventListener('link', () => actions.update());
// All that a word changes is drawn at once, and what changes little with the second or third: a frame
// of this thread costs more than what is drawn in it.
live.addEventListener('news', ({ detail }) => {
  words += 1;
  if (detail.values) plane.move();
  if (words % 2 === 0) plane.drawTrail();
  if (detail.ticks) timeline.push(detail.ticks, words % 3 === 0);
  if (detail.events) panels.updateRequests();
  if (detail.health) panels.updateHealth();
  if (detail.about) panels.updateAbout();
  showFigures();
});
$('streams').addEventListener('change', () => live.show($('streams').value));

function showView(name) {
  document.body.dataset.view = name;
  for (const tab of document.querySelectorAll('.tabs button')) {
    if (tab.dataset.view === name) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  panels.updateView();
}
matchMedia('(min-width: 1000px)').addEventListener('change', () => panels.updateView());

for (const tab of document.querySelectorAll('.tabs button')) {
  tab.addEventListener('click', () => showView(tab.dataset.view));
}

// What this browser remembers: light, span, keys.
const kept = { theme: 'auto', span: '120', shortcuts: 'true' };
try {
  Object.assign(kept, JSON.parse(localStorage.getItem('oscbridge') ?? '{}'));
} catch { /* kept by nobody, then */ }

function keep(name, value) {
  kept[name] = value;
  try {
    localStorage.setItem('oscbridge', JSON.stringify(kept));
  } catch { /* a private window */ }
}

function useTheme() {
  document.documentElement.dataset.theme = kept.theme;
  plane.recolour();
  timeline.recolour();
}

$('theme').value = kept.theme;
$('span').value = kept.span;
$('shortcuts').checked = kept.shortcuts === 'true';
timeline.spanS = Number(kept.span);
useTheme();
$('theme').addEventListener('change', () => { keep('theme', $('theme').value); useTheme(); });
$('span').addEventListener('change', () => {
  keep('span', $('span').value);
  timeline.spanS = Number(kept.span);
  timeline.draw();
});
$('shortcuts').addEventListener('change', () => keep('shortcuts', String($('shortcuts').checked)));
matchMedia('(prefers-color-scheme: light)').addEventListener('change', useTheme);

document.addEventListener('keydown', event => {
  const name = KEYS[event.key.toLowerCase()];
  const typing = event.target.closest('input:not([type=range], [type=checkbox]), select, dialog');
  const chord = event.ctrlKey || event.metaKey || event.altKey || event.repeat;
  if (!name || typing || chord || kept.shortcuts !== 'true') return;
  event.preventDefault();
  $(name).click();
});
document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && plane.mode !== 'watch' && !$('teach-sheet').open) {
    plane.setMode('watch');
    actions.update();
  }
});
