import { html } from 'lit';

/** Rows of a list that change places, each with a `data-key` and a handle: dragged, or moved with the arrow keys. */

const KEYS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity };

/** The row that is being dragged, and where it would go; one pointer at a time. */
let drag = null;

/**
 * @param {string} name of what the row shows
 * @param {number} index of the row among those that may move
 * @param {number} count of those
 * @param {function(number, number): void} move from one index to another
 */
export const moveHandle = (name, index, count, move) => html`<button type="button" class="handle"
  aria-label=${`Move ${name}, ${index + 1} of ${count}`} title="Drag it, or press the arrow keys"
  @keydown=${(event) => onKey(event, index, count, move)}
  @pointerdown=${(event) => begin(event, index, move)} @pointermove=${over} @pointerup=${drop}
  @pointercancel=${end}>⠿</button>`;

/** The list with one of its items elsewhere. */
export function moved(items, from, to) {
  const others = items.filter((_, index) => index !== from);
  others.splice(to, 0, items[from]);
  return others;
}

async function onKey(event, index, count, move) {
  if (!(event.key in KEYS)) {
    return;
  }
  event.preventDefault();
  const to = Math.max(0, Math.min(count - 1, index + KEYS[event.key]));
  if (to === index) {
    return;
  }
  const row = event.target.closest('[data-key]');
  const list = row.parentElement;
  move(index, to);
  // Rows that change places lose the focus.
  requestAnimationFrame(() => list.querySelector(`[data-key="${row.dataset.key}"] .handle`)?.focus());
}

function begin(event, index, move) {
  if (event.button !== 0) {
    return;
  }
  const row = event.target.closest('[data-key]');
  drag = { index, move, row, rows: [...row.parentElement.querySelectorAll(':scope > [data-key]')], to: index };
  event.target.setPointerCapture(event.pointerId);
  row.classList.add('dragged');
}

function over(event) {
  if (!drag) {
    return;
  }
  const at = drag.rows.findIndex((row) => {
    const { top, height } = row.getBoundingClientRect();
    return event.clientY < top + height / 2;
  });
  const before = at < 0 ? drag.rows.length : at;
  drag.to = before > drag.index ? before - 1 : before;
  drag.rows.forEach((row, index) => {
    row.classList.toggle('drop-above', index === drag.to && index < drag.index);
    row.classList.toggle('drop-below', index === drag.to && index > drag.index);
  });
  const list = drag.row.parentElement;
  const { top, bottom } = list.getBoundingClientRect();
  list.scrollTop += event.clientY < top + 30 ? -12 : event.clientY > bottom - 30 ? 12 : 0;
}

function drop() {
  const done = drag;
  end();
  if (done && done.to !== done.index) {
    done.move(done.index, done.to);
  }
}

function end() {
  drag?.rows.forEach((row) => row.classList.remove('dragged', 'drop-above', 'drop-below'));
  drag = null;
}
