import { LitElement, html, nothing } from 'lit';
import { Playback } from './playback.js';
import { draw } from './overlay.js';
import * as api from './api.js';
import { when, length, counted } from './format.js';
import './rendition-list.js';
import './segment-details.js';
import './replay-details.js';

/** Plays a clip or a replay, or shows a picture; below it is what is known of it and can be changed. */
class PlayerDialog extends LitElement {
  static properties = {
    shown: { state: true },
    problem: { state: true },
    /** Media of what is shown with its other sizes and shapes, and whose they are; lists do not tell. */
    renditions: { state: true },
    /** Of a segment: its clips with other marks, each with one sound track alone. */
    optimized: { state: true },
    /** Of either, the one that plays; null for the clip or replay itself. */
    chosen: { state: true },
    mayEdit: { type: Boolean },
    /** By what name the person at the page is known. */
    reviewer: { type: String },
  };

  #playback = null;
  /** Id of the replay that is being deleted. */
  #leaving = null;

  /** Where what is shown goes on, while something else plays in its place; else null. */
  #resumeAt = null;

  /** For the elements below the picture. */
  #player = {
    video: () => this.renderRoot.querySelector('dialog video'),
    positionMicros: () => this.#playback?.positionMicros() ?? null,
    seek: (positionMicros) => this.#playback?.seek(positionMicros),
    /** Plays something else in its place, until `back`. */
    play: (url) => {
      this.#resumeAt ??= this.renderRoot.querySelector('dialog video').currentTime;
      this.#play(url);
    },
    back: () => {
      if (this.#playback && this.#resumeAt !== null) {
        this.#play(this.#url(), this.#resumeAt);
      }
      this.#resumeAt = null;
    },
  };

  constructor() {
    super();
    this.shown = null;
    this.problem = '';
    this.renditions = null;
    this.optimized = [];
    this.chosen = null;
    this.mayEdit = false;
    this.reviewer = '';
  }

  createRenderRoot() {
    return this;
  }

  /**
   * @param {{title: string, detail: string, media?: {hls: string, mp4?: string}, picture?: string,
   *     detections?: Object[], segment?: Object, replay?: Object}} what the picture, with boxes over
   *     it, is shown when there is no media
   */
  async show(what) {
    this.shown = what;
    this.problem = '';
    this.renditions = null;
    this.optimized = [];
    this.chosen = null;
    this.#resumeAt = null;
    await this.updateComplete;
    const dialog = this.renderRoot.querySelector('dialog');
    dialog.showModal();
    const video = dialog.querySelector('video');
    if (video) {
      this.#play(what.media.hls);
      video.focus();
    }
    if (what.segment) {
      await this.#findRenditions(what.segment.id);
    }
  }

  #url() {
    return this.chosen?.hls ?? this.shown.media.hls;
  }

  #play(url, at = 0) {
    this.#playback?.close();
    const video = this.renderRoot.querySelector('dialog video');
    this.#playback = new Playback(video, url, { failed: (sentence) => { this.problem = sentence; } });
    this.problem = '';
    if (at) {
      video.addEventListener('loadedmetadata', () => { video.currentTime = at; }, { once: true });
    }
    video.play().catch(() => { /* The controls are there. */ });
  }

  async #findRenditions(segment) {
    try {
      const found = await api.segment(segment);
      // Meanwhile something else may be shown.
      if (this.shown?.segment?.id === segment && found.clip) {
        this.renditions = { media: found.clip.media, of: `clips/${found.clip.id}` };
        this.optimized = found.optimizedClips ?? [];
      }
    } catch {
      // What plays goes on without a choice.
    }
  }

  /** A rendition of a clip was made, or could not be. */
  renditionMade({ clip }) {
    if (this.shown?.replay) {
      this.renderRoot.querySelector('replay-details').read();
    } else if (this.shown?.segment && this.renditions?.of === `clips/${clip}`) {
      this.#findRenditions(this.shown.segment.id);
    }
  }

  /** The encoding of a replay as a whole has come further. */
  replayEncoded(job) {
    this.renderRoot.querySelector('replay-job')?.tell(job);
  }

  /** To where in the clip the picture of the strip is. */
  #jump({ target, offsetX }) {
    const video = this.renderRoot.querySelector('dialog video');
    if (Number.isFinite(video.duration)) {
      video.currentTime = video.duration * offsetX / target.clientWidth;
    }
  }

  /** Looks again at what is made of a segment, if that is shown. */
  async refresh(id) {
    if (this.shown?.segment?.id === id) {
      await this.#findRenditions(id);
    }
  }

  #choose(rendition) {
    const at = this.renderRoot.querySelector('dialog video').currentTime;
    this.chosen = rendition;
    this.#play(this.#url(), at);
  }

  /** Plays with other marks, on from the same moment. */
  #chooseMarks(media) {
    const startOf = (one) => this.optimized.find((each) => each.media.hls === one?.hls)?.startMicros
      ?? this.shown.segment.clip?.startMicros ?? 0;
    const earlier = (startOf(this.chosen) - startOf(media)) / 1e6;
    const at = Math.max(0, this.renderRoot.querySelector('dialog video').currentTime + earlier);
    this.chosen = media;
    this.#play(this.#url(), at);
  }

  /** Takes a newer revision of a segment, which may be the one that is shown. */
  changed(segment) {
    if (this.shown?.segment?.id === segment.id) {
      this.shown = { ...this.shown, ...aboutSegment(segment), segment };
    }
  }

  /** Takes a newer revision of a replay, which may be the one that is shown. */
  changedReplay(replay) {
    const before = this.shown?.replay;
    if (before?.id !== replay.id || before.revision > replay.revision || this.#leaving === replay.id) {
      return;
    }
    const at = this.renderRoot.querySelector('dialog video')?.currentTime ?? 0;
    this.shown = { ...this.shown, ...ofReplay(replay) };
    if (replay.version !== before.version || !before.media) {
      // The links of the version before no longer lead anywhere.
      this.chosen = null;
      if (this.#resumeAt === null && replay.media) {
        this.updateComplete.then(() => this.#play(replay.media.hls, at));
      }
    }
  }

  /** The replay that is shown is being deleted: its media goes. */
  #leave() {
    this.#leaving = this.shown.replay.id;
    this.#playback?.close();
    this.#playback = null;
  }

  /** What is no more is not shown any longer. */
  removed(id) {
    if (this.shown?.segment?.id === id || this.shown?.replay?.id === id) {
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
      <dialog class=${replay ? 'reel' : ''} aria-label=${title} @close=${this.#closed}>
        <div class="head">
          <strong class="name" title=${title}>${title}</strong><span class="quiet">${detail}</span><span class="space"></span>
          <span class="buttons">
            ${mp4 ? html`<a class="plain" href=${mp4} download>Download MP4</a>` : nothing}
            <button class="plain" @click=${() => this.renderRoot.querySelector('dialog').close()}>Close</button>
          </span>
        </div>
        <div class="screen">
          ${media ? html`<video controls playsinline></video>` : this.#picture()}
          ${media?.strip
            ? html`<img class="strip" alt="Eight pictures of the clip, from its beginning to its end"
                title="Plays from there" src=${media.strip} @click=${this.#jump}>`
            : nothing}
        </div>
        ${this.problem || this.renditions
          ? html`<div class="body">
              ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
              ${this.renditions
                ? html`<rendition-list .media=${this.renditions.media} of=${this.renditions.of} chosen=${this.chosen?.name ?? ''}
                    ?mayEdit=${this.mayEdit} @choose=${({ detail }) => this.#choose(detail)}></rendition-list>`
                : nothing}
              ${this.optimized.length ? this.#marks(segment) : nothing}</div>`
          : nothing}
        ${segment
          ? html`<segment-details class="body" .segment=${segment} ?mayEdit=${this.mayEdit} reviewer=${this.reviewer}></segment-details>`
          : nothing}
        ${replay
          ? html`<replay-details .replay=${replay} .player=${this.#player} ?mayEdit=${this.mayEdit}
              @leaving=${this.#leave} @renditions=${({ detail }) => { this.renditions = detail; }}></replay-details>`
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

  /** Original or, for one sound track, optimized. */
  #marks(segment) {
    const button = (media, text, title) => html`<button class="plain" title=${title}
      aria-pressed=${(this.chosen?.hls ?? null) === (media?.hls ?? null)} @click=${() => this.#chooseMarks(media)}>${text}</button>`;
    const why = (track) => {
      const marks = segment.optimized?.tracks.find((each) => each.audioTrack === track);
      return marks ? `Start: ${marks.startWhy}. End: ${marks.endWhy}.` : '';
    };
    return html`<p class="renditions marks"><span class="quiet">Marks</span>
      ${button(null, 'original', 'The segment\'s own marks, with all sound')}
      ${this.optimized.map(({ audioTrack, media }) => button(media, `optimized, track ${audioTrack}`, why(audioTrack)))}</p>`;
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

const aboutSegment = (segment) => ({
  title: `${segment.label}, ${segment.stream}`,
  detail: `${when(segment.startMicros)} · ${segment.open ? 'going on' : length(segment.endMicros - segment.startMicros)}`,
});

/**
 * What the dialog needs to show a segment.
 *
 * @param {string=} picture what is shown while there is no clip
 */
export const ofSegment = (segment, picture) => ({
  ...aboutSegment(segment),
  media: segment.clip?.media,
  picture,
  segment,
});

/** What the dialog needs to show a replay. */
export const ofReplay = (replay) => ({
  title: replay.title,
  detail: `${counted(replay.segments)} · ${length(replay.durationMicros)}`,
  media: replay.media,
  replay,
});
