// What stands beside the stage: the player and requests, words, health, settings.

import { $, make, mark, minutes, signed, write } from './dom.js';
import { listRegions } from './regions.js';

const LOSSES = {
  overflows: 'samples lost here',
  device_overflows: 'losses at the device',
  reconnects: 'reconnects',
  nonfinite: 'broken samples',
  dropped_events: 'events dropped',
  send_errors: 'packets refused',
};
const SLIDERS = [
  ['smoothing_s', 'Smoothing', 0, 10, 0.1, 's'],
  ['sensitivity_v', 'Reach of valence', 0, 4, 0.05, '×'],
  ['sensitivity_a', 'Reach of arousal', 0, 4, 0.05, '×'],
  ['intensity_bias', 'Intensity, more or less', -1, 1, 0.05, ''],
  ['dwell_s', 'Shortest stay in a quadrant', 0, 20, 0.5, 's'],
  ['hysteresis', 'How far to pass the middle', 0, 0.5, 0.01, ''],
  ['rate_hz', 'Messages a second', 1, 60, 1, '/s'],
];
const ASKED = 0.6;             // how far out the four words ask for
const SHOWN_REQUESTS = 6;
const NEW = 0.3;               // radius of a new word
const ASKED_AGAIN_MS = 3000;
const WIDE = matchMedia('(min-width: 1000px)');  // as in the style sheet: there the stage has a neighbour

export class Panels {
  constructor(live, plane, actions, regions) {
    this.live = live;
    this.plane = plane;
    this.actions = actions;
    this.regions = regions;
    this.#listen();
    this.#makeSliders();
  }

  #listen() {
    const say = (button, ...said) => this.actions.say(button, ...said);
    $('ask').addEventListener('click', () => this.#toggleAsk());
    $('ask-cancel').addEventListener('click', event => say(event.target, 'in/request/cancel'));
    $('origin-here').addEventListener('click', event => say(event.target, 'in/calibrate/origin'));
    $('origin-back').addEventListener('click', event =>
      say(event.target, 'in/calibrate/origin', 0, 0));
    $('say-text').addEventListener('submit', async event => {
      event.preventDefault();
      const { line } = event.target.elements;
      if (line.value.trim() && await say(event.submitter, 'in/affect/text', line.value.trim())) {
        line.value = '';
      }
    });
    $('region-add').addEventListener('submit', async event => {
      event.preventDefault();
      const { name } = event.target.elements;
      const [valence, arousal] = this.live.stream.values.va ?? [0, 0];
      const region = {
        name: name.value.trim(), valence, arousal, valence_radius: NEW, arousal_radius: NEW,
      };
      if (region.name && await this.regions.define(region)) name.value = '';
    });
    $('strategy').addEventListener('change', event =>
      say(null, 'in/policy/strategy', event.target.value));
    $('ask-now').addEventListener('click', event => say(event.target, 'in/policy/ask'));
    $('skip').addEventListener('click', event => say(event.target, 'in/policy/skip'));
    $('opt-out').addEventListener('click', event =>
      say(event.target, 'in/policy/opt_out', this.live.stream.about.optout?.out ? 0 : 1));
    $('undo').addEventListener('click', event => this.actions.undo(event.target));
    $('learn-freeze').addEventListener('click', event =>
      say(event.target, 'in/personal/freeze', this.live.stream.about.learned?.frozen ? 0 : 1));
    $('forget').addEventListener('click', event => this.#forget(event.target));
    $('profile').addEventListener('submit', event => {
      event.preventDefault();
      this.#goOver(event.target);
    });
    $('no-section').addEventListener('click', async event => {
      if (await say(event.target, 'in/segment/wrong')) {
        this.actions.toast('The section that was told last is none.');
      }
    });
    $('learn').addEventListener('click', () => {
      const learned = this.live.stream.about.learn?.output;
      say($('learn'), 'in/learn', learned ? 'stop' : $('learn-name').value);
    });
    for (const button of $('tests').children) {
      button.addEventListener('click', () => say(button, 'in/test', button.dataset.pattern));
    }
  }

  async #delete(name) {
    if (await this.actions.say(null, 'in/label/delete', name)) {
      this.actions.toastTaught(`“${name}” is deleted.`);
    }
  }

  /** Forget what was learned, when that is said twice. */
  async #forget(button) {
    if (!button.asked) {
      button.asked = setTimeout(() => {
        button.asked = null;
        write(button, 'Forget all');
      }, ASKED_AGAIN_MS);
      write(button, 'Really?');
      return;
    }
    clearTimeout(button.asked);
    button.asked = null;
    write(button, 'Forget all');
    if (await this.actions.say(button, 'in/personal/reset')) {
      this.actions.toast('All that was learned is forgotten.');
    }
  }

  /** Go over to somebody else's words and corrections. */
  async #goOver(form) {
    const { name } = form.elements;
    const whose = name.value.trim();
    if (await this.actions.say(form.lastElementChild, 'in/profile', whose)) {
      this.actions.toast(whose ? `It hears as ${whose} does.` : 'It hears as it did at first.');
      name.blur();
    }
  }

  #toggleAsk() {
    if (this.plane.mode === 'ask') {
      this.plane.setMode('watch');
    } else {
      document.body.dataset.view = 'stage';
      this.plane.setMode('ask', (valence, arousal) => {
        this.plane.setMode('watch');
        this.#ask(valence, arousal);
      });
    }
    $('ask').setAttribute('aria-pressed', String(this.plane.mode === 'ask'));
  }

  async #ask(valence, arousal) {
    $('ask').setAttribute('aria-pressed', 'false');
    if (await this.actions.say($('ask'), 'in/request/make', valence, arousal)) {
      this.actions.toast('Other music has been asked for.');
    }
  }

  #makeSliders() {
    this.sliders = {};
    for (const [name, words, min, max, step, unit] of SLIDERS) {
      const input = make('input', { type: 'range', min, max, step });
      const output = make('output');
      input.addEventListener('input', () => {
        write(output, readable(Number(input.value), unit));
        clearTimeout(input.soon);
        input.soon = setTimeout(
          () => this.actions.say(null, `in/set/${name}`, Number(input.value)), 60,
        );
      });
      this.sliders[name] = { input, output, unit };
      $('sliders').append(make('label', {}, make('span', {}, words), output, input));
    }
  }

  /** Everything that hardly ever changes: words, settings, the ledger. */
  updateAbout() {
    const { stream, hello } = this.live;
    const { about } = stream;
    for (const [name, { input, output, unit }] of Object.entries(this.sliders)) {
      const value = about.settings[name];
      if (value !== undefined && document.activeElement !== input) {
        input.value = value;
        write(output, readable(value, unit));
      }
    }
    this.#updateWords(about);
    this.#updateLedger(about);
    listRegions(stream, name => this.#delete(name));
    this.#updateLearned(about);
    const learned = about.learn?.output;
    $('learn').setAttribute('aria-pressed', String(Boolean(learned)));
    write($('learn'), learned ? 'Stop' : 'Learn');
    if (hello && $('learn-name').length === 0) {
      $('learn-name').append(...Object.entries(hello.learnable).map(([name, where]) =>
        make('option', { value: name }, `${name}: ${where}`)));
    }
    if (hello && $('strategy').length === 0) {
      const [choices] = hello.inlets['in/policy/strategy']?.choices ?? [[]];
      $('strategy').append(...choices.map(name => make('option', { value: name }, name)));
    }
    if (hello) {
      write($('about'), `oscbridge ${hello.version}, session ${hello.session}, page ${hello.page}`);
    }
  }

  #updateLearned({ learned, optout }) {
    const whose = learned?.profile ? `Profile ${learned.profile}: ` : '';
    write($('learned'), learned ? `${whose}${learned.words}.` : 'Nothing yet.');
    const { name } = $('profile').elements;
    if (document.activeElement !== name) name.value = learned?.profile ?? '';
    mark($('learn-freeze'), 'aria-pressed', Boolean(learned?.frozen));
    mark($('opt-out'), 'aria-pressed', Boolean(optout?.out));
  }

  #updateWords(about) {
    const key = about.labels.join('\n');
    if (key === this.labels) return;
    this.labels = key;
    const signs = ['', '+V +A', '−V +A', '−V −A', '+V −A'];
    const quadrants = [1, 2, 3, 4];
    $('quadrant-words').replaceChildren(...quadrants.map(quadrant => {
      const input = make('input', { value: about.labels[quadrant], maxLength: 64 });
      input.addEventListener('change', async () => {
        const done = await this.actions.say(null, 'in/label/set', quadrant, input.value.trim());
        if (!done) input.value = this.live.stream.about.labels[quadrant];
      });
      return make('label', { className: `worded q${quadrant}` },
        make('span', {}, signs[quadrant]), input);
    }));
    $('ask-words').replaceChildren(...quadrants.map(quadrant => {
      const button = make('button', { type: 'button' }, about.labels[quadrant]);
      button.dataset.quadrant = quadrant;
      const valence = quadrant === 1 || quadrant === 4 ? ASKED : -ASKED;
      const arousal = quadrant < 3 ? ASKED : -ASKED;
      button.addEventListener('click', () => this.#ask(valence, arousal));
      return button;
    }));
  }

  #updateLedger(about) {
    const total = about.ledger.reduce((sum, [, , ms]) => sum + ms, 0);
    const rows = about.ledger.map(([stage, owner, ms]) => {
      const bar = make('i');
      bar.style.width = `${100 * ms / Math.max(total, 1)}%`;
      const name = make('th', { scope: 'row', title: owner }, stage, bar);
      return make('tr', {}, name, make('td', {}, ms.toFixed(1)));
    });
    const sum = make('tr', { className: 'sum' }, make('th', { scope: 'row' }, 'in all'),
      make('td', {}, total.toFixed(1)));
    $('ledger').tBodies[0].replaceChildren(...rows, sum);
  }

  /** What is to be seen of what moves, once another view is chosen. */
  updateView() {
    this.updateValues();
    this.updateHealth();
    this.updateRequests();
  }

  /** How things stand, and what moves in the view that is shown. */
  updateValues() {
    const { values } = this.live.stream;
    const [state, detail] = values.status ?? ['connecting', ''];
    write($('state'), state);
    write($('state-detail'), detail);
    mark(document.body, 'data-state', state);
    if (shows('health')) this.#updateLevel(values);
    if (shows('player')) this.#updatePlayer(values);
  }

  #updateLevel(values) {
    const level = values['audio/level']?.[0] ?? 0;
    const db = Math.round(60 * (level - 1));
    $('level').firstElementChild.style.transform = `scaleX(${level})`;
    mark($('level'), 'aria-valuenow', db);
    write($('level-db'), level > 0 ? `${db} dB`.replace('-', '−') : 'silence');
  }

  #updatePlayer(values) {
    const confidence = values['player/confidence']?.[0] ?? 0;
    write($('player-words'), confidence > 0
      ? `Valence ${signed(values['player/valence'][0])}, `
        + `arousal ${signed(values['player/arousal'][0])}, `
        + `${Math.round(100 * confidence)} % sure, says ${values['player/source']?.[0] ?? '?'}.`
      : 'Nobody tells how the player feels.');
    const strategy = values['policy/strategy']?.[0];
    const decision = values['policy/decision']?.[0] ?? '';
    write($('decision'), decision === strategy ? '' : decision);
    if (strategy && document.activeElement !== $('strategy')) $('strategy').value = strategy;
  }

  /** How it is going, once a second. */
  updateHealth() {
    const { health } = this.live.stream;
    if (!health) return;
    write($('elapsed'), minutes(health.elapsed_s));
    if (!shows('health')) return;
    const losses = Object.entries(LOSSES)
      .filter(([name]) => health.stats[name] > 0)
      .map(([name, words]) => `${health.stats[name].toLocaleString('en')} ${words}`);
    write($('losses'), losses.length ? capital(`${losses.join(', ')}.`) : 'No losses.');
    $('losses').classList.toggle('bad', losses.length > 0);
    const [p50, p99, , longest] = health.reaction_ms;
    write($('reaction'), longest
      ? `Measured from the last sample of a block to its packet: ${p50.toFixed(1)} ms in the `
        + `middle, ${p99.toFixed(1)} ms for 99 of 100, ${longest.toFixed(1)} ms at most.` : '');
    $('outputs').tBodies[0].replaceChildren(...health.outputs.map(output => {
      const name = make('th', { scope: 'row' }, output.name);
      if (output.detail) name.append(make('small', { className: 'bad' }, output.detail));
      return make('tr', {}, name, make('td', {}, output.sent.toLocaleString('en')),
        make('td', { className: output.errors ? 'bad' : '' }, output.errors.toLocaleString('en')));
    }));
    const heard = health.traffic.messages ?? 0;
    write($('traffic'), `${heard.toLocaleString('en')} messages came in. ${health.trouble}`);
  }

  /** What has been asked for, the newest first, and what became of it. */
  updateRequests() {
    if (!shows('player')) return;
    const requests = new Map();
    for (const [at, name, args] of this.live.stream.events) {
      if (name === 'request') requests.set(args[0], { at, args, state: '' });
      const known = requests.get(args[0]);
      if (name === 'request/go' && known) [, known.label] = args;
      if (name === 'request/state' && known) [, known.state] = args;
      if (name === 'request/cancel' && known) known.state = 'cancelled';
      if (name === 'suggest' && known) known.track = args[3] ? `${args[3]}, ${args[2]}` : args[2];
    }
    const rows = [...requests.values()].slice(-SHOWN_REQUESTS).reverse().map(
      ({ at, args, state, label, track }) => make('li', {},
        make('b', {}, label ?? `${signed(args[1])} ${signed(args[2])}`),
        make('span', {}, state || 'sent'),
        ...(track ? [make('span', { className: 'track' }, `play ${track}`)] : []),
        make('span', { className: 'dim' }, `${args[10]}, ${minutes(this.live.now() - at)} ago`)),
    );
    $('requests').replaceChildren(
      ...(rows.length ? rows : [make('li', { className: 'dim' }, 'None yet.')]),
    );
  }
}

/** Whether a view can be seen: what cannot costs nothing. */
function shows(name) {
  const { view } = document.body.dataset;
  return view === name || (WIDE.matches && view === 'stage' && name === 'player');
}

function readable(value, unit) {
  const digits = Number.isInteger(value) ? 0 : 2;
  return `${value.toFixed(digits)}${unit === '×' ? '' : ' '}${unit}`.trim();
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
