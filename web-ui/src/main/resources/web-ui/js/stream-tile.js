import { LitElement, html, nothing } from 'lit';
import { Playback } from './playback.js';
import { Detections, draw } from './overlay.js';

const PICTURE_MILLIS = 1000;
const RETRY_MILLIS = 4000;

/**
 * One stream: plays live when it is recorded, else shows its latest frame; boxes are drawn over
 * either at the picture they belong to.
 */
class StreamTile extends LitElement {
  static properties = {
    /** A Stream of the API. */
    stream: { attribute: false },
    playing: { state: true },
    pictureUrl: { state: true },
  };

  #detections = new Detections();
  #pictureFrame = null;
  #playback = null;
  #animation = 0;
  #retry = 0;
  #pictureAt = 0;

  constructor() {
    super();
    this.stream = null;
    this.playing = false;
    this.pictureUrl = '';
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    const frame = () => {
      this.#drawBoxes();
      this.#animation = requestAnimationFrame(frame);
    };
    this.#animation = requestAnimationFrame(frame);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#animation);
    clearTimeout(this.#retry);
    this.#playback?.close();
    this.#playback = null;
  }

  firstUpdated() {
    this.#play();
  }

  /** Takes a `detections` event of this stream. */
  add(frame) {
    this.#detections.add(frame);
    if (!this.playing && performance.now() - this.#pictureAt > PICTURE_MILLIS) {
      this.#showPicture();
    }
  }

  render() {
    const { name, state, reason } = this.stream;
    return html`
      <div class="picture">
        <video muted playsinline autoplay ?hidden=${!this.playing} aria-label="Live picture of ${name}"
          @playing=${() => { this.playing = true; }}></video>
        ${this.playing || !this.pictureUrl
          ? nothing
          : html`<img src=${this.pictureUrl} alt="Latest frame of ${name}">`}
        ${this.playing || this.pictureUrl
          ? nothing
          : html`<p class="empty">${state === 'waiting' ? 'Waiting for the first picture.' : 'No picture yet.'}</p>`}
        <canvas aria-hidden="true"></canvas>
      </div>
      <div class="caption">
        <strong>${name}</strong><span class="space"></span>
        <span class="state ${state}" title=${reason ?? ''}>${state}</span>
      </div>`;
  }

  #play() {
    if (!this.stream.record) {
      this.#showPicture();
      return;
    }
    this.#playback?.close();
    const video = this.renderRoot.querySelector('video');
    this.#playback = new Playback(video, this.stream.media.live, {
      live: true,
      failed: () => {
        this.playing = false;
        this.#showPicture();
        this.#retry = setTimeout(() => this.isConnected && this.#play(), RETRY_MILLIS);
      },
    });
    video.play().catch(() => { /* The browser may ask for a click first; the picture stands in. */ });
  }

  async #showPicture() {
    this.#pictureAt = performance.now();
    try {
      const response = await fetch(this.stream.media.latest, { cache: 'no-store' });
      if (!response.ok) {
        return;
      }
      const position = Number(response.headers.get('Sightline-Position'));
      const picture = URL.createObjectURL(await response.blob());
      URL.revokeObjectURL(this.pictureUrl);
      this.pictureUrl = picture;
      this.#pictureFrame = position;
    } catch {
      // The server is away; the next frame tries again.
    }
  }

  #drawBoxes() {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas) {
      return;
    }
    if (this.playing) {
      const video = this.renderRoot.querySelector('video');
      const position = this.#playback?.positionMicros();
      draw(canvas, position == null ? [] : this.#detections.at(position), video.videoWidth, video.videoHeight);
    } else {
      const picture = this.renderRoot.querySelector('img');
      const found = this.#pictureFrame == null ? [] : this.#detections.at(this.#pictureFrame);
      draw(canvas, found, picture?.naturalWidth, picture?.naturalHeight);
    }
  }
}

customElements.define('stream-tile', StreamTile);
