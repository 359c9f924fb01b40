import { LitElement, html, nothing } from 'lit';
import * as api from './api.js';
import { length } from './format.js';
import { goodbye } from './goodbye.js';

/** The encoding of a replay as a whole: what it would cost, how far it is, where its files are. */
class ReplayJob extends LitElement {
  static properties = {
    /** As the API answers when it is asked for this one. */
    replay: { attribute: false },
    mayEdit: { type: Boolean },
    /** As told by events since; null when nothing was. */
    told: { state: true },
    /** What it would cost, while a person thinks about it. */
    estimate: { state: true },
    problem: { state: true },
    asking: { state: true },
  };

  #leaving = null;

  constructor() {
    super();
    this.replay = null;
    this.mayEdit = false;
    this.told = null;
    this.estimate = null;
    this.problem = '';
    this.asking = false;
  }

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    const before = changed.get('replay');
    if (before && (before.id !== this.replay.id || before.version !== this.replay.version)) {
      this.told = null;
      this.estimate = null;
      this.problem = '';
    }
  }

  /** What an event says of any replay's job. */
  tell(job) {
    const { id, version } = this.replay ?? {};
    if (job.replay === id && job.version === version && job.revision >= (this.#job()?.revision ?? 0)) {
      this.told = job;
    }
  }

  #job() {
    const { job } = this.replay;
    const last = this.told && !(job?.revision > this.told.revision) ? this.told : job;
    return last?.state === 'gone' ? null : last;
  }

  render() {
    const job = this.#job();
    const ended = !job || job.state === 'failed' || job.state === 'cancelled';
    return html`
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      ${job?.state === 'failed' ? html`<p class="problem">It could not be encoded as a whole: ${job.error}</p>` : nothing}
      ${job?.state === 'pending' ? this.#running(job) : nothing}
      ${job?.state === 'ready' ? this.#ready(job) : nothing}
      ${ended && this.mayEdit && this.replay.complete && this.replay.media ? this.#wanted(job) : nothing}`;
  }

  #wanted(job) {
    if (!this.estimate) {
      return html`<p class="renditions"><button class="plain" name="estimate-job" ?disabled=${this.asking}
        title="One codec for all of it, as MP4 and as HLS in several sizes, by MediaConvert; first you see what it costs"
        @click=${this.#think}>${job?.state === 'failed' ? 'Encode as a whole again…' : 'Encode as a whole…'}</button></p>`;
    }
    const { outputs, durationMicros } = this.estimate;
    const sizes = outputs.filter(({ name }) => name !== 'mp4').map(({ name }) => name).join(', ');
    const [mp4] = outputs;
    return html`<p class="renditions"><span>About ${price(this.estimate)} for ${length(durationMicros)}: an MP4 of
        ${mp4.width} x ${mp4.height}, and HLS in ${sizes}. <span class="quiet">Prices as of ${this.estimate.pricesOf}.</span></span>
      <button class="strong" name="make-job" ?disabled=${this.asking} @click=${this.#make}>Encode it</button>
      <button class="plain" @click=${() => { this.estimate = null; }}>Not now</button></p>`;
  }

  #running(job) {
    const far = job.doing ? `${job.doing}, ${job.percent} %` : 'waits for its turn';
    return html`<p class="renditions"><span role="status">As a whole: ${far}${job.estimate ? `; about ${price(job.estimate)}` : ''}</span>
      <progress max="100" .value=${job.percent} aria-label="How far the encoding is"></progress>
      ${this.mayEdit ? html`<button class="plain" name="cancel-job" @click=${this.#cancel}>Cancel</button>` : nothing}</p>`;
  }

  #ready(job) {
    return html`<p class="renditions"><span class="quiet">As a whole</span>
        <a class="plain" href=${job.media.mp4} download>MP4</a>
        <a class="plain" href=${job.media.hls}>HLS</a>
        <span class="quiet">${job.location}${job.estimate ? `; about ${price(job.estimate)}` : ''}</span>
        ${this.mayEdit ? goodbye(this.#asked(job), 'Delete these files', this.#cancel) : nothing}</p>`;
  }

  /** Of another job people are asked anew. */
  #asked({ askedMicros }) {
    if (this.#leaving?.askedMicros !== askedMicros) {
      this.#leaving = { askedMicros, requestUpdate: () => this.requestUpdate() };
    }
    return this.#leaving;
  }

  #think = () => this.#try(async () => {
    this.estimate = await api.estimateReplayJob(this.replay.id);
  });

  #make = () => this.#try(async () => {
    const job = await api.makeReplayJob(this.replay.id);
    this.estimate = null;
    // An event may have been faster.
    if (!(this.told?.askedMicros >= job.askedMicros)) {
      this.told = { ...job, revision: Math.max(job.revision, this.#job()?.revision ?? 0) };
    }
  });

  #cancel = () => this.#try(() => api.cancelReplayJob(this.replay.id));

  async #try(what) {
    this.asking = true;
    try {
      await what();
      this.problem = '';
    } catch (error) {
      this.problem = error.message;
    } finally {
      this.asking = false;
    }
  }
}

/** As the currency is written here; of what is no currency, as it comes. */
function price({ cost, currency }) {
  try {
    return new Intl.NumberFormat(undefined, { style: 'currency', currency, maximumFractionDigits: cost < 0.1 ? 4 : 2 }).format(cost);
  } catch {
    return `${currency} ${cost}`;
  }
}

customElements.define('replay-job', ReplayJob);
