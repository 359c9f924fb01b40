import { LitElement, html, nothing } from 'lit';
import { Playback } from './playback.js';
import * as api from './api.js';
import { when, length } from './format.js';

/** Plays a clip or a replay; for a segment, its marks and its label can be changed. */
class PlayerDialog extends LitElement {
  static properties = {
    shown: { state: true },
    problem: { state: true },
    saved: { state: true },
    mayEdit: { type: Boolean },
  };

  #playback = null;

  constructor() {
    super();
    this.shown = null;
    this.problem = '';
    this.saved = '';
    this.mayEdit = false;
  }

  createRenderRoot() {
    return this;
  }

  /**
   * @param {{title: string, detail: string, media: {hls: string, mp4?: string}, segment?: Object}} what
   */
  async show(what) {
    this.shown = what;
    this.problem = '';
    this.saved = '';
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector('dialog');
    dialog.showModal();
    const video = dialog.querySelector('video');
    this.#playback = new Playback(video, what.media.hls, { failed: (sentence) => { this.problem = sentence; } });
    video.play().catch(() => { /* The controls are there. */ });
    video.focus();
  }

  render() {
    if (!this.shown) {
      return html`<dialog></dialog>`;
    }
    const { title, detail, media, segment } = this.shown;
    return html`
      <dialog aria-label=${title} @close=${this.#closed}>
        <div class="head">
          <strong>${title}</strong><span class="quiet">${detail}</span><span class="space"></span>
          ${media.mp4 ? html`<a class="quiet" href=${media.mp4} download>Download MP4</a>` : nothing}
          <button class="plain" @click=${() => this.renderRoot.querySelector('dialog').close()}>Close</button>
        </div>
        <video controls playsinline></video>
        <div class="body">
          ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
          ${segment ? this.#aboutSegment(segment) : nothing}
        </div>
      </dialog>`;
  }

  #aboutSegment(segment) {
    return html`
      ${segment.why?.closedBy ? html`<p class="quiet">Ended because ${segment.why.closedBy}</p>` : nothing}
      ${this.mayEdit && segment.endMicros
        ? html`<form class="fields" @submit=${(event) => this.#save(event, segment)}>
            <label>Label <input name="label" maxlength="200" required .value=${segment.label}></label>
            <label>Start earlier (−) or later (+), seconds
              <input name="start" type="number" step="0.01" value="0"></label>
            <label>End earlier (−) or later (+), seconds
              <input name="end" type="number" step="0.01" value="0"></label>
            <button class="strong">Save</button>
            <span class="quiet" role="status">${this.saved}</span>
          </form>`
        : nothing}`;
  }

  async #save(event, segment) {
    event.preventDefault();
    const form = new FormData(event.target);
    const change = {};
    if (form.get('label') !== segment.label) {
      change.label = form.get('label');
    }
    const startMove = Math.round(Number(form.get('start')) * 1e6);
    const endMove = Math.round(Number(form.get('end')) * 1e6);
    if (startMove) {
      change.startMicros = segment.startMicros + startMove;
    }
    if (endMove) {
      change.endMicros = segment.endMicros + endMove;
    }
    if (Object.keys(change).length === 0) {
      this.saved = 'Nothing changed.';
      return;
    }
    try {
      await api.editSegment(segment.id, change);
      this.problem = '';
      this.saved = 'Saved. A new clip is being cut.';
    } catch (error) {
      this.problem = error.message;
    }
  }

  #closed() {
    this.#playback?.close();
    this.#playback = null;
    this.shown = null;
  }
}

customElements.define('player-dialog', PlayerDialog);

/** What the dialog needs to show a segment's clip. */
export const ofSegment = (segment) => ({
  title: `${segment.label}, ${segment.stream}`,
  detail: `${when(segment.startMicros)} · ${length((segment.endMicros ?? segment.startMicros) - segment.startMicros)}`,
  media: segment.clip.media,
  segment,
});
