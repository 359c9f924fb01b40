import { LitElement, html, nothing } from 'lit';
import * as api from './api.js';

const WINDOWS = [
  ['the last 15 minutes', 15 * 60],
  ['the last hour', 3600],
  ['the last 24 hours', 24 * 3600],
  ['all there is', null],
];

/** Orders a replay of the segments of some streams. */
class ReplayDialog extends LitElement {
  static properties = { streams: { attribute: false }, problem: { state: true } };

  constructor() {
    super();
    this.streams = [];
    this.problem = '';
  }

  createRenderRoot() {
    return this;
  }

  show() {
    this.problem = '';
    this.renderRoot.querySelector('dialog').showModal();
  }

  render() {
    return html`<dialog class="small" aria-label="New replay">
      <form class="body" @submit=${this.#order}>
        <strong>New replay</strong>
        <label>Title <input name="title" maxlength="200" required value="Highlights"></label>
        <fieldset>
          <legend>Streams</legend>
          ${this.streams.map((stream) => html`<label class="choice">
            <input name="streams" type="checkbox" value=${stream.name} checked><span class="name">${stream.name}</span></label>`)}
        </fieldset>
        <label>Segments of
          <select name="window">
            ${WINDOWS.map(([text], index) => html`<option value=${index}>${text}</option>`)}
          </select></label>
        <label class="choice"><input name="grow" type="checkbox"><span>Goes on growing with new segments</span></label>
        <label class="choice"><input name="mp4" type="checkbox" checked><span>As MP4, too, once it is complete</span></label>
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        <div class="buttons">
          <button class="strong">Make replay</button>
          <button class="plain" type="button" @click=${() => this.renderRoot.querySelector('dialog').close()}>Cancel</button>
        </div>
      </form>
    </dialog>`;
  }

  async #order(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    const names = form.getAll('streams');
    if (names.length === 0) {
      this.problem = 'Choose one stream or more.';
      return;
    }
    const nowMicros = Date.now() * 1000;
    const seconds = WINDOWS[Number(form.get('window'))][1];
    // One replay is of one run; streams that play files have runs of their own.
    const runs = new Set(this.streams.filter((stream) => names.includes(stream.name)).map((stream) => stream.run ?? 'live'));
    if (runs.size > 1) {
      this.problem = 'These streams cannot be in one replay: some are live, some are processed files.';
      return;
    }
    const selection = { streams: names, run: [...runs][0] };
    if (seconds !== null) {
      selection.fromMicros = nowMicros - seconds * 1e6;
    }
    if (!form.get('grow') && selection.run === 'live') {
      selection.toMicros = nowMicros;
    }
    try {
      await api.orderReplay({ title: form.get('title'), selection, mp4: form.get('mp4') !== null });
      this.renderRoot.querySelector('dialog').close();
    } catch (error) {
      this.problem = error.message;
    }
  }
}

customElements.define('replay-dialog', ReplayDialog);
