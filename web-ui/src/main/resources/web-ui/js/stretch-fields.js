import { LitElement, html } from 'lit';
import { moveHandle, moved } from './sortable.js';
import { lengthText } from './time-fields.js';

const NEW_MICROS = 10e6;

/** Stretches of streams in the order in which they play. Tells of changes with `stretches`. */
class StretchFields extends LitElement {
  static properties = { stretches: { attribute: false }, streams: { attribute: false } };

  constructor() {
    super();
    this.stretches = [];
    this.streams = [];
  }

  createRenderRoot() {
    return this;
  }

  render() {
    return html`<fieldset class="stretches" data-field="rules.stretches">
      <legend>Stretches, in the order in which they play</legend>
      <ol>${this.stretches.map((stretch, index) => this.#row(stretch, index))}</ol>
      <button type="button" class="link" @click=${this.#add}>Add a stretch</button>
    </fieldset>`;
  }

  #row({ stream, startMicros, endMicros }, index) {
    const name = `stretch ${index + 1}`;
    const change = (part) => this.#take(this.stretches.map((held, at) => (at === index ? { ...held, ...part } : held)));
    return html`<li data-key=${index} data-field="rules.stretches[${index}]">
      ${moveHandle(name, index, this.stretches.length, (from, to) => this.#take(moved(this.stretches, from, to)))}
      <label>Stream <select @change=${({ target }) => change({ stream: target.value })}>
        ${this.streams.map((each) => html`<option .selected=${each === stream}>${each}</option>`)}</select></label>
      <position-field label="From" required .micros=${startMicros} @micros=${({ detail }) => change({ startMicros: detail })}></position-field>
      <position-field label="To" required .micros=${endMicros} @micros=${({ detail }) => change({ endMicros: detail })}></position-field>
      <span class="quiet">${endMicros > startMicros ? lengthText(endMicros - startMicros) : ''}</span>
      <button type="button" class="icon" aria-label=${`Remove ${name}`} title="Remove"
        @click=${() => this.#take(this.stretches.filter((_, at) => at !== index))}>×</button>
    </li>`;
  }

  #add() {
    const last = this.stretches.at(-1);
    const startMicros = last ? last.endMicros : Math.floor(Date.now() / 1000) * 1e6 - 2 * NEW_MICROS;
    this.#take([...this.stretches,
      { stream: last?.stream ?? this.streams[0], startMicros, endMicros: startMicros + NEW_MICROS }]);
  }

  #take(stretches) {
    this.stretches = stretches;
    this.dispatchEvent(new CustomEvent('stretches', { detail: stretches }));
  }
}

customElements.define('stretch-fields', StretchFields);
