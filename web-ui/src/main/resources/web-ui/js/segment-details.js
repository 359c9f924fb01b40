import { LitElement, html, nothing } from 'lit';
import * as api from './api.js';
import { goodbye } from './goodbye.js';

/** What is known of a segment, and what people may change: marks, label, their vote, whether it is kept. */
class SegmentDetails extends LitElement {
  static properties = {
    segment: { attribute: false },
    mayEdit: { type: Boolean },
    /** By what name the person at the page is known. */
    reviewer: { type: String },
    saved: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    this.segment = null;
    this.mayEdit = false;
    this.reviewer = '';
    this.saved = '';
    this.problem = '';
  }

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    if (changed.has('segment') && changed.get('segment')?.id !== this.segment?.id) {
      this.saved = '';
      this.problem = '';
    }
  }

  render() {
    const { segment } = this;
    return html`
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      ${segment.why?.closedBy ? html`<p class="quiet">Ended because ${segment.why.closedBy}.</p>` : nothing}
      ${segment.feedback ? this.#feedback(segment) : nothing}
      ${this.mayEdit && segment.endMicros
        ? html`<form class="fields" @submit=${(event) => this.#save(event, segment)}>
            <label>Label <input name="label" maxlength="200" required .value=${segment.label}></label>
            <label>Move start, seconds <input name="start" type="number" step="0.01" value="0"></label>
            <label>Move end, seconds <input name="end" type="number" step="0.01" value="0"></label>
            <button class="strong">Save</button>
          </form>
          <p class="quiet" role="status">${this.saved || 'Below zero is earlier, above zero is later.'}</p>`
        : nothing}
      ${this.mayEdit
        ? html`<div class="buttons">
            <button class="plain" name="keep" aria-pressed=${Boolean(segment.kept)}
              title=${segment.kept ? `Kept by ${segment.kept.by}` : 'Its clip stays, however old it becomes'}
              @click=${() => this.#try(() => api.editSegment(segment.id, { keep: !segment.kept }))}>Keep</button>
            ${goodbye(this, 'Remove', () => this.#try(() => api.removeSegment(segment.id)))}
          </div>`
        : nothing}`;
  }

  #feedback(segment) {
    const { likes, dislikes, reviews } = segment.feedback;
    const mine = reviews.find((review) => review.by === this.reviewer)?.vote;
    const button = (vote, text, count) => html`<button class="plain" data-vote=${vote} ?disabled=${!this.mayEdit}
      aria-pressed=${mine === vote} @click=${() => this.#vote(segment, mine === vote ? 'clear' : vote)}>${text} ${count}</button>`;
    const notes = reviews.filter((review) => review.note);
    return html`<div class="buttons">${button('like', 'Like', likes)}${button('dislike', 'Dislike', dislikes)}</div>
      ${notes.map((review) => html`<p class="quiet">${review.by}: ${review.note}</p>`)}`;
  }

  #vote(segment, vote) {
    return this.#try(() => api.editSegment(segment.id, { feedback: { vote } }));
  }

  async #try(change) {
    try {
      await change();
      this.problem = '';
    } catch (error) {
      this.problem = error.message;
    }
  }

  async #save(event, segment) {
    event.preventDefault();
    const form = event.target;
    const { label, start, end } = Object.fromEntries(new FormData(form));
    const startMove = Math.round(Number(start) * 1e6);
    const endMove = Math.round(Number(end) * 1e6);
    const change = {};
    if (label !== segment.label) {
      change.label = label;
    }
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
    await this.#try(async () => {
      await api.editSegment(segment.id, change);
      this.saved = startMove || endMove ? 'Saved. A new clip is being cut.' : 'Saved.';
      form.elements.start.value = form.elements.end.value = 0;
    });
  }
}

customElements.define('segment-details', SegmentDetails);
