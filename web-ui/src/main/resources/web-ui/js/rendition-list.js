import { LitElement, html, nothing } from 'lit';
import * as api from './api.js';

/** What plays in other sizes and shapes, to choose from; which could not be made, or not yet. */
class RenditionList extends LitElement {
  static properties = {
    /** As the API tells of a clip or a replay. */
    media: { attribute: false },
    /** What they are of: `clips/{id}` or `replays/{id}`. */
    of: { type: String },
    /** Name of the one that plays; empty for the clip or replay itself. */
    chosen: { type: String },
    mayEdit: { type: Boolean },
    said: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    this.media = null;
    this.of = '';
    this.chosen = '';
    this.mayEdit = false;
    this.said = '';
    this.problem = '';
  }

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    if (changed.has('of')) {
      this.said = '';
      this.problem = '';
    }
  }

  render() {
    const { renditions = [], failedRenditions = [], missingRenditions = [] } = this.media ?? {};
    const button = (one, text, title) => html`<button class="plain" title=${title} aria-pressed=${this.chosen === (one?.name ?? '')}
      @click=${() => this.dispatchEvent(new CustomEvent('choose', { detail: one }))}>${text}</button>`;
    const lacks = failedRenditions.length + missingRenditions.length > 0;
    return html`
      ${renditions.length
        ? html`<p class="renditions"><span class="quiet">Size</span>
            ${button(null, 'as recorded', 'The size and shape of the recording')}
            ${renditions.map((one) => button(one, one.name, `${one.width} x ${one.height}${one.note ? `; it ${one.note}` : ''}`))}</p>`
        : nothing}
      ${failed(failedRenditions).map(([name, error, count]) => html`<p class="problem">${name} could not be made${count > 1 ? ` of ${count} clips` : ''}: ${error}</p>`)}
      ${lacks && this.mayEdit
        ? html`<p class="renditions">
            ${missingRenditions.length ? html`<span class="quiet">Not made yet: ${missingRenditions.join(', ')}</span>` : nothing}
            <button class="plain" name="make-renditions" @click=${this.#make}>${failedRenditions.length ? 'Try again' : 'Make them'}</button>
            <span class="quiet" role="status">${this.said}</span></p>`
        : nothing}
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}`;
  }

  async #make() {
    try {
      await api.makeRenditions(this.of);
      this.said = 'Asked for; they appear here once they are made.';
      this.problem = '';
    } catch (error) {
      this.problem = error.message;
    }
  }
}

/** By name and reason, with how many clips it is so of. */
function failed(renditions) {
  const counts = new Map();
  for (const { name, error } of renditions) {
    const key = `${name}\n${error}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) => [...key.split('\n', 2), count]);
}

customElements.define('rendition-list', RenditionList);
