import { LitElement, html, nothing } from 'lit';
import * as api from './api.js';
import { sayAtField, forget } from './problems.js';
import { newFill } from './fill-fields.js';
import './condition-editor.js';
import './stretch-fields.js';
import './segment-picker.js';
import './transition-fields.js';
import './time-fields.js';
import './value-list.js';

const MODES = {
  all: ['All segments', 'Every segment of the window, as they happened'],
  features: ['By conditions', 'Those that are as you say'],
  duration: ['A length', 'The best that fit a length'],
  timestamps: ['Stretches', 'Times that you name, whatever was found there'],
  manual: ['By hand', 'Segments that you choose, in your order'],
};

/** How far back each window reaches, in seconds. */
const WINDOWS = {
  900: 'the last 15 minutes',
  3600: 'the last hour',
  86400: 'the last 24 hours',
  all: 'all there is',
  exact: 'from … to …',
};

/** Rules that the form shows; others that a replay has stay as they are. */
const SHOWN_RULES = ['mode', 'where', 'fill', 'stretches', 'ignoreDisliked', 'forceLiked', 'decisions'];

const KNOWN_SEGMENTS = 200;

/** Sound tracks to choose from; recordings seldom have more. */
const MOST_TRACKS = 8;
const LIVE = 'live';

const newForm = (streams) => ({
  title: 'Highlights',
  streams: streams.map((stream) => stream.name),
  window: 'all',
  fromMicros: null,
  toMicros: null,
  grow: false,
  labels: [],
  mode: 'all',
  where: null,
  fill: newFill(),
  stretches: [],
  order: [],
  transitions: {},
  ignoreDisliked: false,
  forceLiked: false,
  strict: false,
  audioTrack: 0,
  mp4: true,
  publish: false,
});

/** Asks for a replay, or changes what one shows: all that a request for a replay can say. */
class ReplayDialog extends LitElement {
  static properties = {
    streams: { attribute: false },
    form: { state: true },
    /** The one that is changed; null while a new one is asked for. */
    replay: { state: true },
    known: { state: true },
    /** What the configuration names for transitions. */
    names: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  constructor() {
    super();
    this.streams = [];
    this.form = newForm([]);
    this.replay = null;
    this.known = { labels: [], features: [] };
    this.names = { clips: [], pictures: [] };
    this.problem = '';
    this.busy = false;
  }

  createRenderRoot() {
    return this;
  }

  /** Asks for a new one. */
  show() {
    this.replay = null;
    this.#open(newForm(this.streams));
  }

  /** Changes one, as the API answers when it is asked for. */
  edit(replay) {
    const { title, selection, rules, mp4, publish, transitions, audioTrack = 0 } = replay;
    this.replay = replay;
    this.#open({
      ...newForm([]),
      title,
      streams: selection.streams,
      window: selection.fromMicros || selection.toMicros ? 'exact' : 'all',
      fromMicros: selection.fromMicros ?? null,
      toMicros: selection.toMicros ?? null,
      grow: !selection.toMicros,
      labels: selection.labels ?? [],
      mode: rules.mode,
      where: rules.where ?? null,
      fill: rules.fill ?? newFill(),
      stretches: rules.stretches ?? [],
      order: rules.decisions?.order ?? [],
      ignoreDisliked: rules.ignoreDisliked,
      forceLiked: rules.forceLiked,
      mp4,
      publish: Boolean(publish),
      transitions: transitions ?? {},
      audioTrack,
    });
  }

  async #open(form) {
    this.form = form;
    this.problem = '';
    this.busy = false;
    await this.updateComplete;
    forget(this.renderRoot);
    this.renderRoot.querySelector('dialog').showModal();
    this.#learn();
  }

  /** Labels and features that there have been, to choose from. */
  async #learn() {
    try {
      this.names = await api.transitions();
      const { items } = await api.segments({ limit: KNOWN_SEGMENTS });
      const all = (values) => [...new Set(values)].sort();
      this.known = {
        labels: all(items.map((segment) => segment.label)),
        features: all(items.flatMap((segment) => Object.keys(segment.features ?? {}))),
      };
    } catch {
      // Then they are written.
    }
  }

  render() {
    const { title, mode, mp4, publish, strict, ignoreDisliked, forceLiked } = this.form;
    const named = mode === 'timestamps';
    const judged = !named && mode !== 'manual';
    const heading = this.replay ? 'Change the replay' : 'New replay';
    return html`<dialog class="form" aria-label=${heading}>
      <form @submit=${this.#submit}>
        <div class="head"><strong>${heading}</strong><span class="space"></span>
          <button class="plain" type="button" @click=${this.#close}>Cancel</button>
          <button class="strong" ?disabled=${this.busy}>${this.replay ? 'Change it' : 'Make replay'}</button></div>
        <div class="body">
          ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
          <label data-field="title">Title
            <input name="title" maxlength="200" required autofocus .value=${title} @input=${({ target }) => this.#set({ title: target.value })}></label>
          <fieldset class="modes" data-field="rules.mode">
            <legend>What it shows</legend>
            ${Object.entries(MODES).map(([id, [name, text]]) => html`<label class="mode">
              <input type="radio" name="mode" value=${id} .checked=${id === mode} @change=${() => this.#set({ mode: id })}>
              <strong>${name}</strong><span class="quiet">${text}</span></label>`)}
          </fieldset>
          ${named ? nothing : this.#selection()}
          ${this.#ofMode(mode)}
          ${judged
            ? html`<fieldset class="switches"><legend>What reviewers say</legend>
                ${this.#choice('ignoreDisliked', ignoreDisliked, 'Leave out what they dislike', 'rules.ignoreDisliked')}
                ${this.#choice('forceLiked', forceLiked, 'Always show what they like', 'rules.forceLiked')}</fieldset>`
            : nothing}
          <transition-fields .transitions=${this.form.transitions} .names=${this.names}
            @transitions=${({ detail }) => this.#set({ transitions: detail })}></transition-fields>
          <fieldset class="switches"><legend>How it is made</legend>
            ${this.#choice('mp4', mp4, 'As MP4, too, once it is complete', 'mp4')}
            ${this.#choice('publish', publish, 'Publish it to a web server or CDN', 'publish')}
            ${this.#sound()}
            ${named ? this.#choice('strict', strict, 'Refuse stretches of which something is missing', 'strict') : nothing}
          </fieldset>
        </div>
        <datalist id="known-labels">${this.known.labels.map((label) => html`<option value=${label}></option>`)}</datalist>
        <datalist id="known-features">${this.known.features.map((name) => html`<option value=${name}></option>`)}</datalist>
      </form>
    </dialog>`;
  }

  #selection() {
    const { mode, streams, window, fromMicros, toMicros, grow, labels } = this.form;
    const exact = window === 'exact';
    return html`
      <fieldset class="streams" data-field="selection.streams">
        <legend>Streams</legend>
        ${this.#streamNames().map((name) => html`<label class="choice"><input name="streams" type="checkbox" value=${name} .checked=${streams.includes(name)}
          @change=${({ target }) => this.#set({ streams: target.checked ? [...streams, name] : streams.filter((each) => each !== name) })}>
          <span class="name">${name}</span></label>`)}
      </fieldset>
      <div class="fields" data-field="selection">
        <label>Segments of
          <select name="window" @change=${({ target }) => this.#set({ window: target.value })}>
            ${Object.entries(WINDOWS).map(([id, text]) => html`<option value=${id} .selected=${id === window}>${text}</option>`)}
          </select></label>
        ${exact
          ? html`<position-field label="From" .micros=${fromMicros} @micros=${({ detail }) => this.#set({ fromMicros: detail })}></position-field>
              ${grow ? nothing : html`<position-field label="To" .micros=${toMicros} @micros=${({ detail }) => this.#set({ toMicros: detail })}></position-field>`}`
          : nothing}
        ${mode === 'manual'
          ? nothing
          : html`<label>Only with these labels
              <value-list label="Only with these labels" placeholder="all labels" suggestions="known-labels" .values=${labels}
                @values=${({ detail }) => this.#set({ labels: detail })}></value-list></label>`}
        ${this.#run() === LIVE && mode !== 'manual'
          ? html`<label class="choice"><input name="grow" type="checkbox" .checked=${grow} @change=${({ target }) => this.#set({ grow: target.checked })}>
              <span>Goes on growing with new segments</span></label>`
          : nothing}
      </div>`;
  }

  #ofMode(mode) {
    const { where, fill, stretches, order, streams } = this.form;
    if (mode === 'timestamps') {
      return html`<stretch-fields .stretches=${stretches} .streams=${this.#streamNames()} @stretches=${({ detail }) => this.#set({ stretches: detail })}></stretch-fields>`;
    }
    if (mode === 'manual') {
      return html`<segment-picker .order=${order} .selection=${this.#selected()} @order=${({ detail }) => this.#set({ order: detail })}></segment-picker>`;
    }
    const conditions = html`<fieldset class="where" data-field="rules.where">
      <legend>${mode === 'features' ? 'Conditions' : 'Considered are only segments with'}</legend>
      <condition-editor path="rules.where" .streams=${streams} .condition=${where} @condition=${({ detail }) => this.#set({ where: detail })}></condition-editor></fieldset>`;
    return mode === 'features'
      ? conditions
      : mode === 'duration'
        ? html`<fill-fields data-field="rules.fill" .fill=${fill} .streams=${streams} @fill=${({ detail }) => this.#set({ fill: detail })}></fill-fields>${conditions}`
        : nothing;
  }

  /** Recordings tell of their tracks only where they are played; a number is soon tried. */
  #sound() {
    const { audioTrack } = this.form;
    const tracks = Array.from({ length: Math.max(MOST_TRACKS, audioTrack) }, (_, index) => index + 1);
    return html`<label class="choice sound" data-field="audioTrack" title="With one alone, segments play with the marks that were optimized for it">
      <span>Sound</span>
      <select name="audioTrack" @change=${({ target }) => this.#set({ audioTrack: Number(target.value) })}>
        <option value="0" .selected=${audioTrack === 0}>all of it</option>
        ${tracks.map((track) => html`<option value=${track} .selected=${track === audioTrack}>track ${track} alone</option>`)}
      </select></label>`;
  }

  #choice(name, checked, text, field) {
    return html`<label class="choice" data-field=${field}><input name=${name} type="checkbox" .checked=${checked}
      @change=${({ target }) => this.#set({ [name]: target.checked })}><span>${text}</span></label>`;
  }

  #set(part) {
    this.form = { ...this.form, ...part };
  }

  /** Those there are, and those of the replay that is changed, which may have been removed. */
  #streamNames() {
    return [...new Set([...this.streams.map((stream) => stream.name), ...(this.replay?.selection.streams ?? [])])];
  }

  /** A replay is of one run; null when the streams have several. */
  #run() {
    const names = this.form.mode === 'timestamps' ? this.form.stretches.map((each) => each.stream) : this.form.streams;
    const runs = new Set(this.streams.filter((stream) => names.includes(stream.name)).map((stream) => stream.run ?? LIVE));
    return runs.size > 1 ? null : this.replay?.selection.run ?? [...runs][0] ?? LIVE;
  }

  #selected() {
    const { mode, window, streams, stretches, fromMicros, toMicros, grow, labels } = this.form;
    const run = this.#run();
    if (mode === 'timestamps') {
      return { streams: [...new Set(stretches.map((each) => each.stream))], run };
    }
    const nowMicros = Date.now() * 1000;
    const selection = { streams, run };
    if (window === 'exact') {
      selection.fromMicros = fromMicros ?? undefined;
      selection.toMicros = grow ? undefined : toMicros ?? undefined;
    } else if (window !== 'all') {
      selection.fromMicros = Math.floor(nowMicros / 60e6) * 60e6 - Number(window) * 1e6;
    }
    // What people see as all there is ends now; a replay without an end would grow.
    if (!grow && !selection.toMicros && run === LIVE && mode !== 'manual') {
      selection.toMicros = nowMicros;
    }
    return labels.length && mode !== 'manual' ? { ...selection, labels } : selection;
  }

  #rules() {
    const { mode, where, fill, stretches, order, ignoreDisliked, forceLiked } = this.form;
    const rules = { ...without(this.replay?.rules, SHOWN_RULES), mode };
    if (mode === 'features' || mode === 'duration' && where) {
      rules.where = where ?? undefined;
    }
    if (mode === 'duration') {
      rules.fill = fill;
    }
    if (mode === 'timestamps') {
      rules.stretches = stretches;
    } else if (mode === 'manual') {
      rules.decisions = { order, trims: this.replay?.rules.decisions?.trims };
    } else {
      rules.ignoreDisliked = ignoreDisliked;
      rules.forceLiked = forceLiked;
      rules.decisions = this.replay?.rules.decisions;
    }
    return rules;
  }

  async #submit(event) {
    event.preventDefault();
    const { title, mode, streams, mp4, publish, transitions, audioTrack, strict } = this.form;
    forget(this.renderRoot);
    this.problem = '';
    if (mode !== 'timestamps' && streams.length === 0) {
      this.#say({ message: 'Choose one stream or more.', field: 'selection.streams' });
      return;
    }
    if (this.#run() === null) {
      this.#say({ message: 'These streams cannot be in one replay: some are live, some are processed files.', field: 'selection.streams' });
      return;
    }
    const order = {
      title, selection: this.#selected(), rules: this.#rules(), mp4, publish, transitions, audioTrack,
    };
    if (strict && mode === 'timestamps') {
      order.strict = true;
    }
    if (mode === 'timestamps' && order.selection.streams.length === 0) {
      this.#say({ message: 'Add one stretch or more.', field: 'rules.stretches' });
      return;
    }
    if (this.replay && sameSelection(order.selection, this.replay.selection)) {
      // Of streams that were removed, what they left can still be chosen from.
      delete order.selection;
    }
    this.busy = true;
    try {
      const replay = await (this.replay ? api.changeReplay(this.replay.id, order) : api.orderReplay(order));
      this.#close();
      this.dispatchEvent(new CustomEvent('ordered', { detail: replay, bubbles: true }));
    } catch (error) {
      this.#say(error);
    } finally {
      this.busy = false;
    }
  }

  #say(error) {
    if (!sayAtField(this.renderRoot, error)) {
      this.problem = error.message;
      this.renderRoot.querySelector('dialog').scrollTop = 0;
    }
  }

  #close() {
    this.renderRoot.querySelector('dialog').close();
  }
}

const without = (object, names) => Object.fromEntries(Object.entries(object ?? {}).filter(([name]) => !names.includes(name)));

const sameSelection = (one, other) => {
  const plain = ({ streams, run = LIVE, fromMicros, toMicros, labels = [] }) =>
    JSON.stringify([streams, run, fromMicros ?? null, toMicros ?? null, labels]);
  return plain(one) === plain(other);
};

customElements.define('replay-dialog', ReplayDialog);
