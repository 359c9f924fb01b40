import { LitElement, html, nothing } from 'lit';
import * as api from './api.js';
import { lengthText } from './time-fields.js';

const AROUND_MICROS = 10e6;
const LOOK_MILLIS = 100;
const STEP_SECONDS = 0.04;

/**
 * Other marks for a segment of a replay: the recording around it plays, and the keys I and O take
 * the picture that is shown as mark-in and mark-out. Tells of each change with `trim`.
 */
class TrimEditor extends LitElement {
  static properties = {
    item: { attribute: false },
    /** The marks of this replay alone that hold; null for those of the segment. */
    trim: { attribute: false },
    run: { type: String },
    player: { attribute: false },
    /** What the server says against the last change, and of which mark. */
    problem: { attribute: false },
    marks: { state: true },
    found: { state: true },
    window: { state: true },
    at: { state: true },
    note: { state: true },
  };

  #looking = 0;
  #previewing = false;
  #dialog = null;
  #onKey = (event) => this.#key(event);

  constructor() {
    super();
    this.item = null;
    this.trim = null;
    this.run = 'live';
    this.player = null;
    this.problem = null;
    this.marks = null;
    this.found = null;
    this.window = null;
    this.at = null;
    this.note = '';
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#dialog = this.closest('dialog');
    this.#dialog.addEventListener('keydown', this.#onKey);
    this.#looking = setInterval(() => this.#look(), LOOK_MILLIS);
    this.#begin();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#dialog.removeEventListener('keydown', this.#onKey);
    clearInterval(this.#looking);
    this.player.back();
  }

  /** Plays what was recorded around the segment, or its clip where that is no longer kept. */
  async #begin() {
    try {
      const segment = await api.segment(this.item.segment);
      this.found = { startMicros: segment.startMicros, endMicros: segment.endMicros };
      this.marks = this.trim ?? this.found;
      const from = Math.min(this.found.startMicros, this.marks.startMicros) - AROUND_MICROS;
      const to = Math.max(this.found.endMicros, this.marks.endMicros) + AROUND_MICROS;
      this.window = { fromMicros: Math.max(0, from), toMicros: to };
      const recording = api.recording(this.item.stream, { run: this.run, ...this.window });
      const there = (await fetch(recording)).ok;
      this.note = there ? '' : 'The recording around it is no longer kept, so it can only become shorter.';
      this.player.play(there ? recording : this.item.media.hls);
      const video = this.player.video();
      video.addEventListener('loadeddata', () => this.player.seek(this.marks.startMicros), { once: true });
      await this.updateComplete;
      this.scrollIntoView({ block: 'nearest' });
    } catch (error) {
      this.note = error.message;
    }
  }

  render() {
    if (!this.marks) {
      return html`<p class="quiet">${this.note || 'Its recording is being looked for…'}</p>`;
    }
    const { startMicros, endMicros } = this.marks;
    const field = (mark, label, key, value) => html`<div class="mark">
      <timecode-field label=${label} .micros=${value} @micros=${({ detail }) => this.#mark(mark, detail)}></timecode-field>
      <button type="button" class="plain" data-mark=${mark} aria-label=${`${label} is the picture that is shown`}
        title=${`The picture that is shown; key ${key}`} @click=${() => this.#take(mark)}><kbd>${key}</kbd></button>
      ${this.problem?.mark === mark ? html`<p class="problem" role="alert">${this.problem.message}</p>` : nothing}</div>`;
    return html`<div class="trim" role="group" aria-label="Trim">
      ${this.#bar()}
      <div class="marks">${field('startMicros', 'Mark-in', 'I', startMicros)}${field('endMicros', 'Mark-out', 'O', endMicros)}
        <p><span class="quiet">Length</span> <output>${lengthText(endMicros - startMicros)}</output></p></div>
      <div class="buttons">
        <button type="button" class="plain" @click=${this.#preview}>Play from mark to mark</button>
        <button type="button" class="plain" ?disabled=${!this.trim} @click=${this.#asFound}>As found</button>
        <button type="button" class="plain" @click=${() => this.dispatchEvent(new CustomEvent('close'))}>Done</button>
      </div>
      ${this.note ? html`<p class="quiet">${this.note}</p>` : nothing}
      <p class="quiet">Keys: <kbd>I</kbd> in, <kbd>O</kbd> out, <kbd>,</kbd> and <kbd>.</kbd> step. The picture at the mark-out is not in.</p>
    </div>`;
  }

  /** The recording around the marks; it shows where one is, the keyboard goes by the fields. */
  #bar() {
    const { fromMicros, toMicros } = this.window;
    const share = (micros) => Math.max(0, Math.min(100, (micros - fromMicros) / (toMicros - fromMicros) * 100));
    const { startMicros, endMicros } = this.marks;
    return html`<div class="trim-bar" aria-hidden="true" @click=${({ currentTarget, clientX }) => {
      const { left, width } = currentTarget.getBoundingClientRect();
      this.player.seek(fromMicros + (clientX - left) / width * (toMicros - fromMicros));
    }}>
      <span class="kept" style="left:${share(startMicros)}%; right:${100 - share(endMicros)}%"></span>
      ${this.at === null ? nothing : html`<span class="playhead" style="left:${share(this.at)}%"></span>`}
    </div>`;
  }

  #look() {
    this.at = this.player.positionMicros();
    if (this.#previewing && this.at !== null && this.at >= this.marks.endMicros) {
      this.#previewing = false;
      this.player.video().pause();
    }
  }

  #key(event) {
    const { key, target } = event;
    const typing = target.matches('textarea, select, input:not(.timecode)');
    const does = { i: () => this.#take('startMicros'), o: () => this.#take('endMicros'), ',': () => this.#step(-1), '.': () => this.#step(1) }[key.toLowerCase()];
    const within = target.matches('.timecode') && (key === ',' || key === '.');
    if (does && !typing && !within && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      does();
    }
  }

  #step(direction) {
    const video = this.player.video();
    video.pause();
    video.currentTime += direction * STEP_SECONDS;
  }

  #take(mark) {
    const at = this.player.positionMicros();
    if (at === null) {
      this.note = 'Nothing plays of which the position is known.';
    } else {
      this.#mark(mark, at);
    }
  }

  #mark(mark, micros) {
    this.marks = { ...this.marks, [mark]: micros };
    const { startMicros, endMicros } = this.marks;
    this.dispatchEvent(new CustomEvent('trim', { detail: { startMicros, endMicros, mark } }));
  }

  #asFound() {
    this.marks = this.found;
    this.dispatchEvent(new CustomEvent('as-found'));
  }

  #preview() {
    this.#previewing = true;
    this.player.seek(this.marks.startMicros);
    this.player.video().play().catch(() => { /* The controls are there. */ });
  }
}

customElements.define('trim-editor', TrimEditor);
