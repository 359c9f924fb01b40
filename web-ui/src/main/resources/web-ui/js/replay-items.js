import { LitElement, html, nothing } from 'lit';
import * as api from './api.js';
import { when, length } from './format.js';

const PAGE = 200;
const MAX_SHOWN = 1000;

/** What is in a replay and what is not, and why; fetched when somebody wants to know. */
class ReplayItems extends LitElement {
  static properties = { replay: { type: String }, items: { state: true }, more: { state: true }, problem: { state: true } };

  constructor() {
    super();
    this.items = null;
    this.more = false;
    this.problem = '';
  }

  createRenderRoot() {
    return this;
  }

  render() {
    const included = (this.items ?? []).filter((item) => item.included).sort((a, b) => a.order - b.order);
    const excluded = (this.items ?? []).filter((item) => !item.included);
    return html`<details @toggle=${this.#toggled}>
      <summary>What is in it, and why</summary>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      ${this.items === null ? nothing : html`
        <ol class="decisions" aria-label="In the replay">${included.map(decision)}</ol>
        ${excluded.length ? html`<p class="quiet">Left out</p><ul class="decisions" aria-label="Left out">${excluded.map(decision)}</ul>` : nothing}
        ${this.more ? html`<p class="quiet">These are the first ${MAX_SHOWN}; the API has all.</p>` : nothing}`}
    </details>`;
  }

  async #toggled({ target }) {
    if (!target.open) {
      return;
    }
    try {
      const items = [];
      let cursor = null;
      do {
        const page = await api.replayItems(this.replay, { limit: PAGE, cursor });
        items.push(...page.items);
        cursor = page.next;
      } while (cursor && items.length < MAX_SHOWN);
      this.items = items;
      this.more = cursor !== null;
      this.problem = '';
    } catch (error) {
      this.problem = error.message;
    }
  }
}

const decision = (item) => html`<li data-item=${item.segment}>
  <strong class="name" title=${item.label ?? ''}>${item.label}</strong>
  <span class="quiet">${item.stream} · ${when(item.startMicros)}${item.included ? ` · ${length(item.durationMicros)}` : nothing}</span>
  <span>${item.reason}</span></li>`;

customElements.define('replay-items', ReplayItems);
