import { LitElement, html, nothing } from 'lit';

/** Several short texts: each becomes a chip with Enter, a comma, or when the field is left. */
class ValueList extends LitElement {
  static properties = {
    values: { attribute: false },
    label: { type: String },
    placeholder: { type: String },
    /** Id of a datalist. */
    suggestions: { type: String },
  };

  constructor() {
    super();
    this.values = [];
    this.label = '';
    this.placeholder = '';
    this.suggestions = '';
  }

  createRenderRoot() {
    return this;
  }

  render() {
    return html`<div class="values">
      ${this.values.map((value, index) => html`<button type="button" class="chip" aria-label=${`Remove ${value}`}
        @click=${() => this.#take(this.values.filter((_, at) => at !== index))}>${String(value)}<span aria-hidden="true"> ×</span></button>`)}
      <input aria-label=${this.label} placeholder=${this.values.length ? '' : this.placeholder} list=${this.suggestions || nothing}
        maxlength="200" @keydown=${this.#onKey} @change=${({ target }) => this.#add(target)}>
    </div>`;
  }

  #onKey(event) {
    if ((event.key === 'Enter' || event.key === ',') && event.target.value.trim()) {
      event.preventDefault();
      this.#add(event.target);
    } else if (event.key === 'Backspace' && !event.target.value && this.values.length) {
      this.#take(this.values.slice(0, -1));
    }
  }

  #add(field) {
    const text = field.value.trim();
    field.value = '';
    if (text && !this.values.includes(text)) {
      this.#take([...this.values, text]);
    }
  }

  #take(values) {
    this.values = values;
    this.dispatchEvent(new CustomEvent('values', { detail: values }));
  }
}

customElements.define('value-list', ValueList);
