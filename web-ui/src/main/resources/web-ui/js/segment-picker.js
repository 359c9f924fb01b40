import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as api from './api.js';
import { when, length } from './format.js';
import { moveHandle, moved } from './sortable.js';

const PAGE = 50;

/** Segments chosen one by one, in the order in which they play. Tells of changes with `order`. */
class SegmentPicker extends LitElement {
  static properties = {
    /** Ids of the chosen ones. */
    order: { attribute: false },
    /** Which segments there are to choose from, as the API takes it. */
    selection: { attribute: false },
    found: { state: true },
    more: { state: true },
    problem: { state: true },
  };

  /** All that were seen, by id: also those that another window would not show. */
  #known = new Map();

  constructor() {
    super();
    this.order = [];
    this.selection = { streams: [] };
    this.found = [];
    this.more = [];
    this.problem = '';
  }

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    if (changed.has('selection') && JSON.stringify(changed.get('selection')) !== JSON.stringify(this.selection)) {
      this.#load(this.selection.streams.map((stream) => ({ stream })), []);
    }
    if (changed.has('order')) {
      this.order.filter((id) => !this.#known.has(id)).forEach((id) => this.#read(id));
    }
  }

  render() {
    const open = this.found.filter((segment) => !this.order.includes(segment.id));
    return html`<div class="picker" data-field="rules.decisions">
      <section aria-label="To choose from">
        <h3>To choose from</h3>
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        <ul class="picks">${repeat(open, (segment) => segment.id, (segment) => html`<li>
          <button type="button" class="pick" data-pick=${segment.id} @click=${() => this.#take([...this.order, segment.id])}>
            ${about(segment)}<span class="plus" aria-hidden="true">+</span></button></li>`)}
          ${open.length ? nothing : html`<li class="quiet">No more segments in this window.</li>`}</ul>
        ${this.more.length ? html`<button type="button" class="link" @click=${() => this.#load(this.more, this.found)}>Show older</button>` : nothing}
      </section>
      <section aria-label="Chosen, in order of play">
        <h3>Chosen, in order of play</h3>
        <ol class="picks">${repeat(this.order, (id) => id, (id, index) => {
          const segment = this.#known.get(id) ?? { id, label: id };
          return html`<li class="pick" data-key=${id}>
            ${moveHandle(segment.label, index, this.order.length, (from, to) => this.#take(moved(this.order, from, to)))}
            ${about(segment)}
            <button type="button" class="icon" aria-label=${`Take out ${segment.label}`} title="Take out"
              @click=${() => this.#take(this.order.filter((each) => each !== id))}>×</button></li>`;
        })}
          ${this.order.length ? nothing : html`<li class="quiet">Nothing yet.</li>`}</ol>
      </section>
    </div>`;
  }

  /** The next page of each stream. */
  async #load(pages, held) {
    const { run, fromMicros, toMicros } = this.selection;
    const asked = JSON.stringify(this.selection);
    try {
      const answers = await Promise.all(pages.map(async ({ stream, cursor }) => ({
        stream, ...await api.segments({ stream, run, from: fromMicros, to: toMicros, limit: PAGE, cursor }),
      })));
      if (asked !== JSON.stringify(this.selection)) {
        return; // Other ones are asked for by now.
      }
      const items = answers.flatMap((answer) => answer.items).filter((segment) => !segment.open);
      items.forEach((segment) => this.#known.set(segment.id, segment));
      const ids = new Set(held.map((segment) => segment.id));
      this.found = [...held, ...items.filter((segment) => !ids.has(segment.id))].sort((a, b) => b.startMicros - a.startMicros);
      this.more = answers.filter((answer) => answer.next && answer.items.length === PAGE).map(({ stream, next }) => ({ stream, cursor: next }));
      this.problem = '';
    } catch (error) {
      this.problem = error.message;
    }
  }

  async #read(id) {
    try {
      this.#known.set(id, await api.segment(id));
      this.requestUpdate();
    } catch {
      // Its id stands for it.
    }
  }

  #take(order) {
    this.order = order;
    this.dispatchEvent(new CustomEvent('order', { detail: order }));
  }
}

const about = (segment) => html`
  ${segment.clip?.media.thumbnail ? html`<img alt="" loading="lazy" src=${segment.clip.media.thumbnail}>` : html`<span class="no-picture"></span>`}
  <span class="text"><strong class="name" title=${segment.label}>${segment.label}</strong>
    ${segment.startMicros === undefined ? nothing : html`<span class="quiet name">${segment.stream} · ${when(segment.startMicros)} · ${length(segment.endMicros - segment.startMicros)}</span>`}</span>`;

customElements.define('segment-picker', SegmentPicker);
