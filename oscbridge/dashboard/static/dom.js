// The few words of the DOM that everybody here uses.

export const $ = id => document.getElementById(id);

/** Make an element: make('li', { className: 'x' }, 'text', child). */
export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** Set the text of an element that has nothing else in it; what stays as it is costs nothing. */
export function write(element, text) {
  const words = String(text);
  const node = element.firstChild;
  if (!node) {
    if (words) element.textContent = words;
  } else if (node.data !== words) {
    node.data = words;
  }
}

/** Set an attribute, as `write` sets a text. */
export function mark(element, name, value) {
  const words = String(value);
  if (element.getAttribute(name) !== words) element.setAttribute(name, words);
}

/** A colour of the style sheet, as it is now. */
export function colour(name) {
  const probe = document.body.appendChild(make('i'));
  probe.style.color = `var(--${name})`;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** -0.5 as "−0.50". */
export function signed(value) {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
}

/** 75 seconds as "1:15". */
export function minutes(seconds) {
  const whole = Math.max(Math.floor(seconds), 0);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** Keep a number within a range. */
export function within(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/** Size a canvas to its place; its context draws in CSS pixels. */
export function fit(canvas) {
  const { width, height } = canvas.getBoundingClientRect();
  const ratio = Math.min(devicePixelRatio, 2);
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, width, height };
}
