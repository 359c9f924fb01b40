import { LitElement, html, nothing } from 'lit';
import * as api from './api.js';
import { goodbye } from './goodbye.js';
import { lengthText } from './time-fields.js';
import './replay-items.js';
import './replay-job.js';

/** What a replay can be downloaded as, besides its media. */
const TIMELINES = [
  ['edl', 'EDL'],
  ['otio', 'OpenTimelineIO'],
  ['fcpxml', 'Final Cut Pro'],
  ['xmeml', 'Premiere Pro'],
  ['csv', 'CSV'],
  ['webvtt', 'Chapters'],
];

/** How often is looked whether a copy is there, and how far an MP4 is, of which no event tells. */
const LOOK_MILLIS = 3000;

const SHOWS = {
  all: () => 'Shows all segments',
  features: () => 'Shows segments by conditions',
  duration: ({ fill }) => `Shows the best that fit ${lengthText(fill.targetMicros)}`,
  timestamps: ({ stretches }) => `Shows ${stretches.length} ${stretches.length === 1 ? 'stretch' : 'stretches'}`,
  manual: () => 'Shows segments chosen by hand',
};

/** What is known of a replay, its segments, and what people may do with it. */
class ReplayDetails extends LitElement {
  static properties = {
    /** As in lists and events. */
    replay: { attribute: false },
    /** Plays it, or something else while marks are looked for. */
    player: { attribute: false },
    mayEdit: { type: Boolean },
    /** As the API answers when it is asked for this one: with rules. */
    found: { state: true },
    problem: { state: true },
    /** Whether it is being deleted: what looked at it now would be told that it is not there. */
    leaving: { state: true },
  };

  #looking = 0;

  constructor() {
    super();
    this.replay = null;
    this.player = null;
    this.mayEdit = false;
    this.found = null;
    this.problem = '';
    this.leaving = false;
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#looking);
  }

  willUpdate(changed) {
    const before = changed.get('replay');
    if (before?.id !== undefined && before.id !== this.replay.id) {
      this.leaving = false;
    }
    if (changed.has('replay') && (before?.id !== this.replay.id || before?.revision !== this.replay.revision)) {
      this.read();
    }
  }

  /** Reads anew what events do not tell. */
  async read() {
    if (this.leaving) {
      return;
    }
    const { id } = this.replay;
    try {
      const found = await api.replay(id);
      if (id === this.replay.id) {
        this.#take(found);
      }
    } catch (error) {
      this.problem = error.message;
    }
  }

  #take(found) {
    this.found = found;
    clearTimeout(this.#looking);
    const { publish, published, version, segments, making, requestRevision, askedRevision } = found;
    const copying = publish && segments && !published?.error && !(published?.version === version && published.segments === segments);
    if (copying || making || requestRevision < askedRevision) {
      this.#looking = setTimeout(() => this.read(), LOOK_MILLIS);
    }
    this.dispatchEvent(new CustomEvent('renditions', { detail: found.media ? { media: found.media, of: `replays/${found.id}` } : null }));
  }

  render() {
    const { id } = this.replay;
    return html`
      <div class="body about">
        ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
        ${this.found ? this.#state(this.found) : nothing}
        ${this.mayEdit && this.found ? this.#actions(id, this.found) : nothing}
        ${this.found?.published ? copy(this.found.published) : nothing}
        ${this.found && !this.leaving ? html`<replay-job .replay=${this.found} ?mayEdit=${this.mayEdit}></replay-job>` : nothing}
        <p class="timelines"><span class="quiet">Timeline for</span>
          ${TIMELINES.map(([format, name]) => html`<a class="plain" href=${api.replayTimeline(id, format)} download>${name}</a>`)}
          <a class="plain" href=${api.replayBundle(id)} download title="One zip: clips, the replay, timelines that name them, and checksums">Everything</a></p>
      </div>
      <replay-items class="body" .replay=${this.replay} .rules=${this.found?.rules ?? null} .player=${this.player}
        ?mayEdit=${this.mayEdit} ?leaving=${this.leaving} @decided=${({ detail }) => this.#take({ ...this.found, rules: detail })}></replay-items>`;
  }

  #state({ rules, state, error, complete, making = [] }) {
    return error
      ? html`<p class="problem" role="alert">${error}</p>`
      : html`<p class="quiet"><span class="state ${state}">${state}</span>
          ${SHOWS[rules.mode]?.(rules)}${complete ? '.' : ', and goes on growing.'}</p>
          ${making.map(({ doing, percent }) => html`<p class="quiet making" role="status">${doing} · ${percent} %</p>`)}`;
  }

  #actions(id, found) {
    return html`<div class="buttons">
      <button class="plain" name="rules" @click=${() => this.dispatchEvent(
        new CustomEvent('change-rules', { detail: this.found, bubbles: true }))}>Change rules…</button>
      ${found.complete
        ? html`<button class="plain" title="By the rules that there are, from what there is now" @click=${() => this.#change({})}>Choose anew</button>`
        : html`<button class="plain" @click=${() => this.#change({ stop: true })}>Stop growing</button>`}
      <button class="plain" name="publish" aria-pressed=${Boolean(found.publish)} title="Copies it to where a web server or CDN serves it"
        @click=${() => this.#change({ publish: !found.publish })}>Publish</button>
      ${goodbye(this, 'Delete replay', () => this.#delete(id))}
    </div>`;
  }

  async #delete(id) {
    this.leaving = true;
    clearTimeout(this.#looking);
    this.dispatchEvent(new CustomEvent('leaving'));
    await this.#try(() => api.deleteReplay(id));
    this.leaving = this.problem === '';
  }

  #change(change) {
    return this.#try(async () => {
      await api.changeReplay(this.replay.id, change);
      if (change.publish !== undefined) {
        this.#take({ ...this.found, publish: change.publish, published: change.publish ? this.found.published : undefined });
      }
    });
  }

  async #try(change) {
    try {
      await change();
      this.problem = '';
    } catch (error) {
      this.problem = error.message;
    }
  }
}

function copy({ master, complete, error, renditions = [] }) {
  if (error) {
    return html`<p class="problem" role="alert">${error}</p>`;
  }
  const link = (address) => (address?.startsWith('http') ? html`<a href=${address}>${address}</a>` : address);
  return master
    ? html`<p class="quiet">Published as ${link(master)}${complete ? '' : ', as far as it has grown'}</p>
        ${renditions.map((one) => html`<p class="quiet">${one.name}: ${link(one.master)}</p>`)}`
    : nothing;
}

customElements.define('replay-details', ReplayDetails);
