import { LitElement, html, nothing } from 'lit';
import { Playback } from './playback.js';
import { draw } from './overlay.js';
import * as api from './api.js';
import { when, length } from './format.js';
import './replay-items.js';

/** What a replay can be downloaded as, besides its media. */
const TIMELINES = [
  ['edl', 'EDL'],
  ['otio', 'OpenTimelineIO'],
  ['fcpxml', 'Final Cut Pro'],
  ['xmeml', 'Premiere Pro'],
  ['csv', 'CSV'],
  ['webvtt', 'Chapters'],
];

/** Plays a clip or a replay, or shows a picture; marks and label of a segment can be changed, it can be liked, kept and removed. */
class PlayerDialog extends LitElement {
  static properties = {
    shown: { state: true },
    problem: { state: true },
    saved: { state: true },
    /** Whether somebody is asked if what is shown is to go for good. */
    asking: { state: true },
    /** What is shown in other sizes and shapes. */
    renditions: { state: true },
    /** Of a replay: whether it is to be published, and where it is. */
    publishing: { state: true },
    /** The one that plays; null for the clip or replay itself. */
    chosen: { state: true },
    mayEdit: { type: Boolean },
    /** By what name the person at the page is known. */
    reviewer: { type: String },
  };

  #playback = null;

  constructor() {
    super();
    this.shown = null;
    this.problem = '';
    this.saved = '';
    this.asking = false;
    this.renditions = [];
    this.publishing = null;
    this.chosen = null;
    this.mayEdit = false;
    this.reviewer = '';
  }

  createRenderRoot() {
    return this;
  }

  /**
   * @param {{title: string, detail: string, media?: {hls: string, mp4?: string}, picture?: string,
   *     detections?: Object[], segment?: Object, replay?: string}} what the picture, with boxes over
   *     it, is shown when there is no media; of a replay, its id
   */
  async show(what) {
    this.shown = what;
    this.problem = '';
    this.saved = '';
    this.asking = false;
    this.renditions = [];
    this.publishing = null;
    this.chosen = null;
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector('dialog');
    dialog.showModal();
    const video = dialog.querySelector('video');
    if (video) {
      this.#play(what.media.hls);
      video.focus();
    }
    await this.#findMore(what);
  }

  #play(url) {
    this.#playback?.close();
    const video = this.renderRoot.querySelector('dialog video');
    this.#playback = new Playback(video, url, { failed: (sentence) => { this.problem = sentence; } });
    video.play().catch(() => { /* The controls are there. */ });
  }

  /** What lists and events do not say. */
  async #findMore({ segment, replay }) {
    try {
      const found = segment ? await api.segment(segment.id) : replay && await api.replay(replay);
      // Meanwhile something else may be shown.
      if (found && this.shown && this.shown.segment?.id === segment?.id && this.shown.replay === replay) {
        this.renditions = (segment ? found.clip?.media : found.media)?.renditions ?? [];
        this.publishing = replay ? { wanted: Boolean(found.publish), copy: found.published } : null;
      }
    } catch {
      // What plays goes on without a choice.
    }
  }

  /** To where in the clip the picture of the strip is. */
  #jump({ target, offsetX }) {
    const video = this.renderRoot.querySelector('dialog video');
    if (Number.isFinite(video.duration)) {
      video.currentTime = video.duration * offsetX / target.clientWidth;
    }
  }

  #choose(rendition) {
    const video = this.renderRoot.querySelector('dialog video');
    const at = video.currentTime;
    this.chosen = rendition;
    this.#play(rendition?.hls ?? this.shown.media.hls);
    video.addEventListener('loadedmetadata', () => { video.currentTime = at; }, { once: true });
  }

  /** Takes a newer revision of a segment, which may be the one that is shown. */
  changed(segment) {
    if (this.shown?.segment?.id === segment.id) {
      this.shown = { ...this.shown, ...about(segment), segment };
    }
  }

  /** What is no more is not shown any longer. */
  removed(id) {
    if (this.shown?.segment?.id === id || this.shown?.replay === id) {
      this.renderRoot.querySelector('dialog').close();
    }
  }

  render() {
    if (!this.shown) {
      return html`<dialog></dialog>`;
    }
    const { title, detail, media, segment, replay } = this.shown;
    const mp4 = this.chosen ? this.chosen.mp4 : media?.mp4;
    return html`
      <dialog aria-label=${title} @close=${this.#closed}>
        <div class="head">
          <strong class="name" title=${title}>${title}</strong><span class="quiet">${detail}</span><span class="space"></span>
          <span class="buttons">
            ${mp4 ? html`<a class="plain" href=${mp4} download>Download MP4</a>` : nothing}
            <button class="plain" @click=${() => this.renderRoot.querySelector('dialog').close()}>Close</button>
          </span>
        </div>
        ${media ? html`<video controls playsinline></video>` : this.#picture()}
        ${media?.strip
          ? html`<img class="strip" alt="Eight pictures of the clip, from its beginning to its end"
              title="Plays from there" src=${media.strip} @click=${this.#jump}>`
          : nothing}
        ${this.problem || segment || replay
          ? html`<div class="body">
              ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
              ${this.renditions.length ? this.#sizes() : nothing}
              ${segment ? this.#aboutSegment(segment) : nothing}
              ${replay ? html`<replay-items replay=${replay}></replay-items>` : nothing}
              ${replay ? this.#timelines(replay) : nothing}
              ${replay && this.mayEdit
                ? html`<div class="buttons">
                    <button class="plain" name="publish" aria-pressed=${Boolean(this.publishing?.wanted)}
                      title="Copies it to where a web server or CDN serves it" @click=${() => this.#publish(replay)}>Publish</button>
                    ${this.#goodbye('Delete replay', () => api.deleteReplay(replay))}
                  </div>`
                : nothing}
              ${this.publishing?.copy ? this.#copy(this.publishing.copy) : nothing}
            </div>`
          : nothing}
      </dialog>`;
  }

  #picture() {
    const { picture, detections = [] } = this.shown;
    if (!picture) {
      return html`<p class="body quiet">No picture of it was kept.</p>`;
    }
    const boxes = ({ target }) =>
      draw(target.nextElementSibling, detections, target.naturalWidth, target.naturalHeight);
    return html`<div class="picture"><img alt="" src=${picture} @load=${boxes}><canvas aria-hidden="true"></canvas></div>`;
  }

  #sizes() {
    const button = (rendition, text, title) => html`<button class="plain" title=${title}
      aria-pressed=${this.chosen === rendition} @click=${() => this.#choose(rendition)}>${text}</button>`;
    return html`<p class="renditions"><span class="quiet">Size</span>
      ${button(null, 'as recorded', 'The size and shape of the recording')}
      ${this.renditions.map((one) => button(one, one.name, `${one.width} x ${one.height}`))}</p>`;
  }

  #timelines(replay) {
    return html`<p class="timelines"><span class="quiet">Timeline for</span>
      ${TIMELINES.map(([format, name]) => html`<a class="plain" href=${api.replayTimeline(replay, format)} download>${name}</a>`)}</p>`;
  }

  #aboutSegment(segment) {
    return html`
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
              @click=${() => this.#keep(segment)}>Keep</button>
            ${this.#goodbye('Remove', () => api.removeSegment(segment.id))}
          </div>`
        : nothing}`;
  }

  #copy({ master, complete, error }) {
    if (error) {
      return html`<p class="problem" role="alert">${error}</p>`;
    }
    const where = master?.startsWith('http') ? html`<a href=${master}>${master}</a>` : master;
    return master ? html`<p class="quiet">Published as ${where}${complete ? '' : ', as far as it has grown'}</p>` : nothing;
  }

  async #publish(replay) {
    const publish = !this.publishing?.wanted;
    await this.#try(async () => {
      await api.changeReplay(replay, { publish });
      this.publishing = { wanted: publish, copy: publish ? this.publishing?.copy : undefined };
    });
  }

  /** It goes for good, so people are asked once more; it disappears when the server says so. */
  #goodbye(text, go) {
    return this.asking
      ? html`<button class="strong" name="goodbye" @click=${() => this.#try(go)}>${text} for good</button>
          <button class="plain" @click=${() => { this.asking = false; }}>Let it be</button>`
      : html`<button class="plain" name="goodbye" @click=${() => { this.asking = true; }}>${text}…</button>`;
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

  #keep(segment) {
    return this.#try(() => api.editSegment(segment.id, { keep: !segment.kept }));
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
    try {
      await api.editSegment(segment.id, change);
      this.problem = '';
      this.saved = startMove || endMove ? 'Saved. A new clip is being cut.' : 'Saved.';
      form.elements.start.value = form.elements.end.value = 0;
    } catch (error) {
      this.problem = error.message;
    }
  }

  #closed({ target }) {
    if (target.open) {
      return; // It was opened again before this was told.
    }
    this.#playback?.close();
    this.#playback = null;
    this.shown = null;
  }
}

customElements.define('player-dialog', PlayerDialog);

const about = (segment) => ({
  title: `${segment.label}, ${segment.stream}`,
  detail: `${when(segment.startMicros)} · ${segment.open ? 'going on' : length(segment.endMicros - segment.startMicros)}`,
});

/**
 * What the dialog needs to show a segment.
 *
 * @param {string=} picture what is shown while there is no clip
 */
export const ofSegment = (segment, picture) => ({
  ...about(segment),
  media: segment.clip?.media,
  picture,
  segment,
});
