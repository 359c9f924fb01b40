import { LitElement, html, nothing } from 'lit';
import { Playback } from './playback.js';
import { Detections, draw, inRecording } from './overlay.js';
import { frames } from './api.js';

const PICTURE_MILLIS = 400;
const RETRY_MILLIS = 4000;
const PATIENCE_MILLIS = 10_000;
/** A stream that began so long ago has a chunk by now. */
const RECORDED_AFTER_MICROS = 8e6;
const BACK_MICROS = 20e6;
/** Where a stream fails, for people. */
const HOPS = { source: 'Source', agent: 'Agent', gateway: 'Way to the gateway' };

/** Which backup stands in, for what where there are several inputs, and why. */
function backupText({ index, use, reason }, several) {
  const what = several && use.length === 1 ? `, ${use[0] === 'record' ? 'recorded' : 'analyzed'}` : '';
  return `Backup ${index} in use${what}: ${reason ?? 'the main input is away'}`;
}

/**
 * One stream: plays live when it is recorded, else shows its latest frame; boxes are drawn over
 * either at the picture they belong to.
 */
class StreamTile extends LitElement {
  static properties = {
    /** A Stream of the API. */
    stream: { attribute: false },
    playing: { state: true },
    picture: { state: true },
  };

  #detections = new Detections();
  #playback = null;
  #animation = 0;
  #retry = 0;
  #pictureAt = -PICTURE_MILLIS;
  #fetching = false;

  constructor() {
    super();
    this.stream = null;
    this.playing = false;
    /** The latest frame: its object URL and where it lies. */
    this.picture = null;
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
    this.#stop();
    if (this.picture) {
      URL.revokeObjectURL(this.picture.url);
      this.picture = null;
    }
  }

  updated(changed) {
    if (!changed.has('stream')) {
      return;
    }
    const { record, state, reason, startMicros, positionMicros } = this.stream;
    if (this.#playback && !record) {
      this.#stop();
    } else if (!this.#playback && record && positionMicros - startMicros > RECORDED_AFTER_MICROS) {
      this.#play();
    }
    // Outside its schedule a stream waits, too, but has pictures and a reason.
    if (state !== 'waiting' || reason) {
      this.#showPicture();
    }
  }

  /** Takes a `detections` event of this stream. */
  add(frame) {
    this.#detections.add(frame);
    this.#showPicture();
  }

  /** Takes a `chunk` event of this stream: from now on there is something to play. */
  recorded() {
    if (!this.#playback && this.stream.record) {
      this.#play();
    }
  }

  /** Microseconds since 1970 of the picture shown; null while that is unknown. */
  positionMicros() {
    return this.playing ? this.#playback?.positionMicros() ?? null : this.picture?.positionMicros ?? null;
  }

  render() {
    const { name, state, reason, capture } = this.stream;
    return html`
      <div class="picture">
        <video muted playsinline autoplay ?hidden=${!this.playing} aria-label="Live picture of ${name}"
          @playing=${() => { this.playing = true; }}></video>
        ${this.playing || !this.picture
          ? nothing
          : html`<img src=${this.picture.url} alt="Latest frame of ${name}">`}
        ${this.playing || this.picture
          ? nothing
          : html`<p class="empty">${state === 'waiting' && !reason ? 'Waiting for the first picture' : 'No picture yet'}</p>`}
        <canvas aria-hidden="true"></canvas>
      </div>
      <div class="caption">
        <strong class="name" title=${name}>${name}</strong>
        ${this.stream.record ? nothing : html`<span class="quiet">not recorded</span>`}
        <span class="space"></span>
        <span class="state ${state}" title=${reason ?? ''}>${state}</span>
      </div>
      ${capture?.hop && reason
        ? html`<p class="trouble" role="status">${HOPS[capture.hop]}: ${reason}</p>`
        : nothing}
      ${capture?.hop
        ? nothing
        : (capture?.inputs ?? [])
          .filter(({ index }) => index > 0)
          .map((input) => html`<p class="trouble" role="status">${backupText(input, capture.inputs.length > 1)}</p>`)}`;
  }

  #play() {
    clearTimeout(this.#retry);
    this.#playback?.close();
    const video = this.renderRoot.querySelector('video');
    this.#playback = new Playback(video, this.stream.media.live, {
      live: true,
      failed: () => {
        this.playing = false;
        this.#showPicture();
        this.#playSoon();
      },
    });
    video.play().catch(() => { /* The browser may ask for a click first; the picture stands in. */ });
    this.#catchUp();
  }

  /** Players begin some seconds back, where frames were told of before this page listened. */
  async #catchUp() {
    const { name, run, positionMicros } = this.stream;
    if (positionMicros === undefined) {
      return;
    }
    try {
      const { items } = await frames({ stream: name, run, from: positionMicros - BACK_MICROS, limit: 200 });
      items.reverse().forEach((frame) => this.#detections.add(frame));
    } catch {
      // Boxes begin with the next frame.
    }
  }

  /** Of a stream that stands still the last picture stays, rather than its end again and again. */
  #playSoon() {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(
      () => (this.stream.state === 'live' ? this.#play() : this.#playSoon()), RETRY_MILLIS);
  }

  #stop() {
    clearTimeout(this.#retry);
    this.#playback?.close();
    this.#playback = null;
    this.playing = false;
  }

  async #showPicture() {
    if (this.playing || this.#fetching || performance.now() - this.#pictureAt < PICTURE_MILLIS) {
      return;
    }
    this.#fetching = true;
    this.#pictureAt = performance.now();
    try {
      const response = await fetch(this.stream.media.latest, {
        cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MILLIS),
      });
      if (response.ok) {
        const positionMicros = Number(response.headers.get('Sightline-Position'));
        const url = URL.createObjectURL(await response.blob());
        const image = new Image();
        image.src = url;
        // Decoded first, so that picture and boxes change together.
        await image.decode();
        const previous = this.picture;
        this.picture = { url, positionMicros };
        await this.updateComplete;
        if (previous) {
          URL.revokeObjectURL(previous.url);
        }
      }
    } catch {
      // The server is away; the next frame tries again.
    } finally {
      this.#fetching = false;
    }
  }

  #drawBoxes() {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas) {
      return;
    }
    const position = this.positionMicros();
    const found = position === null ? [] : this.#detections.at(position);
    const shown = this.renderRoot.querySelector(this.playing ? 'video' : 'img');
    draw(canvas, this.playing ? inRecording(found) : found, shown?.videoWidth ?? shown?.naturalWidth, shown?.videoHeight ?? shown?.naturalHeight);
  }
}

customElements.define('stream-tile', StreamTile);
