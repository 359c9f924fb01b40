import { LitElement, html, nothing } from 'lit';
import './condition-editor.js';
import './time-fields.js';

const TIES = { earlier: 'the earlier one', later: 'the later one', longer: 'the longer one', shorter: 'the shorter one' };
const PATH = 'rules.fill';

const newWeight = () => ({ when: { what: 'label', is: [] }, weight: 50 });

/** How a replay of a given length is filled. */
export const newFill = () => ({ targetMicros: 60e6, toleranceMicros: 10e6, weights: [newWeight()], ties: 'earlier' });

/** Length, weights and order of a replay that is filled up. Tells of changes with `fill`. */
class FillFields extends LitElement {
  static properties = { fill: { attribute: false }, streams: { attribute: false } };

  constructor() {
    super();
    this.fill = newFill();
    this.streams = [];
  }

  createRenderRoot() {
    return this;
  }

  render() {
    const { targetMicros, toleranceMicros, weights, exactFill, equalDistribution, fillWithOthers, ties } = this.fill;
    return html`
      <div class="fields">
        <length-field label="Length" required data-field="${PATH}.targetMicros" .micros=${targetMicros}
          @micros=${({ detail }) => this.#take({ targetMicros: detail ?? 0 })}></length-field>
        <length-field label="At most longer by" data-field="${PATH}.toleranceMicros" .micros=${toleranceMicros}
          @micros=${({ detail }) => this.#take({ toleranceMicros: detail })}></length-field>
        <label data-field="${PATH}.ties">Of equals comes first
          <select @change=${({ target }) => this.#take({ ties: target.value })}>
            ${Object.entries(TIES).map(([id, text]) => html`<option value=${id} .selected=${id === ties}>${text}</option>`)}
          </select></label>
      </div>
      <div class="switches">
        ${this.#choice('exactFill', exactFill, 'Exactly this long', 'Comes as near to the length as segments allow')}
        ${this.#choice('equalDistribution', equalDistribution, 'From all parts of the time', 'Takes turns between parts of the timeline')}
        ${this.#choice('fillWithOthers', fillWithOthers, 'Fill up with others', 'What meets no condition may fill what is left')}
      </div>
      <fieldset class="weights" data-field="${PATH}.weights">
        <legend>What counts, and how much</legend>
        <ol>${weights.map((weight, index) => this.#weight(weight, index, weights.length > 1))}</ol>
        <button type="button" class="link" @click=${() => this.#take({ weights: [...weights, newWeight()] })}>Add what counts</button>
      </fieldset>`;
  }

  #choice(name, checked, text, title) {
    return html`<label class="choice" title=${title} data-field="${PATH}.${name}"><input type="checkbox" .checked=${Boolean(checked)}
      @change=${({ target }) => this.#take({ [name]: target.checked })}><span>${text}</span></label>`;
  }

  #weight(one, index, removable) {
    const path = `${PATH}.weights[${index}]`;
    const change = (part) => this.#take({ weights: this.fill.weights.map((held, at) => (at === index ? { ...held, ...part } : held)) });
    return html`<li data-field=${path}>
      <condition-editor label=${`What counts, ${index + 1}`} .path=${`${path}.when`} .streams=${this.streams} .condition=${one.when}
        @condition=${({ detail }) => change({ when: detail })}></condition-editor>
      <div class="weight">
        <label data-field="${path}.weight"><span>Weight <output>${one.weight}</output></span>
          <input type="range" min="1" max="100" .value=${one.weight} @input=${({ target }) => change({ weight: Number(target.value) })}></label>
        <label data-field="${path}.times">Times the number in
          <input list="known-features" placeholder="no feature" maxlength="200" .value=${one.times ?? ''}
            @change=${({ target }) => change({ times: target.value.trim() || undefined })}></label>
        ${removable
          ? html`<button type="button" class="icon" aria-label=${`Remove what counts, ${index + 1}`} title="Remove"
              @click=${() => this.#take({ weights: this.fill.weights.filter((_, at) => at !== index) })}>×</button>`
          : nothing}
      </div>
    </li>`;
  }

  #take(part) {
    this.fill = { ...this.fill, ...part };
    this.dispatchEvent(new CustomEvent('fill', { detail: this.fill }));
  }
}

customElements.define('fill-fields', FillFields);
