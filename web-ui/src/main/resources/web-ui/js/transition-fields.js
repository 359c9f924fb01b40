import { LitElement, html, nothing } from 'lit';

/** Fade lengths as people write them, in seconds. */
const MILLIS = 1000;

/** How items follow one another, and what plays before and after them. Tells of changes with `transitions`. */
class TransitionFields extends LitElement {
  static properties = {
    transitions: { attribute: false },
    /** What the configuration names: clips, and pictures that are faded into. */
    names: { attribute: false },
  };

  constructor() {
    super();
    this.transitions = {};
    this.names = { clips: [], pictures: [] };
  }

  createRenderRoot() {
    return this;
  }

  render() {
    const { fade = {}, clip, intro, outro } = this.transitions;
    const { clips, pictures } = this.names;
    const faded = fade.outMillis || fade.inMillis;
    return html`<fieldset class="transitions" data-field="transitions">
      <legend>Between items</legend>
      <div class="fields">
        ${this.#seconds('outMillis', 'Fades out for, seconds', fade.outMillis)}
        ${this.#seconds('inMillis', 'Fades in for, seconds', fade.inMillis)}
        ${faded && !fade.picture
          ? html`<label data-field="transitions.fade.color">Into the colour
              <input type="color" .value=${fade.color ?? '#000000'} @change=${({ target }) => this.#fade({ color: target.value })}></label>`
          : nothing}
        ${faded && pictures.length
          ? this.#choice('Into the picture', 'transitions.fade.picture', pictures, fade.picture,
              (picture) => this.#fade(picture ? { picture, color: undefined } : { picture }))
          : nothing}
        ${clips.length
          ? html`${this.#choice('Plays between items', 'transitions.clip', clips, clip, (name) => this.#take({ clip: name }))}
              ${this.#choice('Plays first', 'transitions.intro', clips, intro, (name) => this.#take({ intro: name }))}
              ${this.#choice('Plays last', 'transitions.outro', clips, outro, (name) => this.#take({ outro: name }))}`
          : nothing}
      </div>
    </fieldset>`;
  }

  #seconds(name, text, millis) {
    return html`<label data-field="transitions.fade.${name}">${text}
      <input type="number" min="0" max="5" step="any" placeholder="not at all" .value=${millis ? millis / MILLIS : ''}
        @change=${({ target }) => this.#fade({ [name]: Math.round(Number(target.value) * MILLIS) || undefined })}></label>`;
  }

  #choice(text, field, names, chosen, take) {
    return html`<label data-field=${field}>${text}
      <select @change=${({ target }) => take(target.value || undefined)}>
        <option value="" .selected=${!chosen}>nothing</option>
        ${names.map((name) => html`<option value=${name} .selected=${name === chosen}>${name}</option>`)}</select></label>`;
  }

  #fade(part) {
    const fade = { ...this.transitions.fade, ...part };
    this.#take({ fade: fade.outMillis || fade.inMillis ? fade : undefined });
  }

  #take(part) {
    this.transitions = { ...this.transitions, ...part };
    this.dispatchEvent(new CustomEvent('transitions', { detail: this.transitions }));
  }
}

customElements.define('transition-fields', TransitionFields);
