import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as api from './api.js';
import './stream-tile.js';
import { isBeingCut } from './result-lists.js';
import './replay-dialog.js';
import { ofSegment, ofReplay } from './player-dialog.js';
import { when } from './format.js';

const PAGE = 24;
const MAX_SHOWN = 200;
const STREAMS_MILLIS = 5000;
const MAKING_MILLIS = 2000;
/** Clips whose progress is asked for at once. */
const MOST_WATCHED = 5;

/** The page: who is asked to log in, what is fetched, and where live updates go. */
class SightlineApp extends LitElement {
  static properties = {
    session: { state: true },
    problem: { state: true },
    notice: { state: true },
    connected: { state: true },
    streams: { state: true },
    segments: { state: true },
    alerts: { state: true },
    replays: { state: true },
    more: { state: true },
    pictures: { state: true },
  };

  #stopFollowing = () => {};
  #streamTimer = 0;
  #makingTimer = 0;
  /** Updates that came while the lists were being fetched; null when they are not. */
  #held = null;

  constructor() {
    super();
    this.session = undefined;
    this.problem = '';
    this.notice = '';
    this.connected = false;
    this.streams = [];
    this.segments = [];
    this.alerts = [];
    this.replays = [];
    this.more = null;
    /** Of segments without a clip: URLs of a frame, by id. */
    this.pictures = new Map();
  }

  createRenderRoot() {
    return this;
  }

  async connectedCallback() {
    super.connectedCallback();
    const token = new URLSearchParams(location.hash.slice(1)).get('token');
    if (token) {
      // The link that `up` prints; out of the address bar before anything else.
      history.replaceState(null, '', location.pathname);
      await this.#open(token);
    } else {
      try {
        this.session = await api.session();
      } catch (error) {
        this.session = null;
        this.problem = error.status === 401 ? '' : error.message;
      }
    }
    if (this.session) {
      this.#begin();
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stopFollowing();
    clearInterval(this.#streamTimer);
    clearInterval(this.#makingTimer);
  }

  render() {
    if (this.session === undefined) {
      return nothing;
    }
    return this.session === null ? this.#login() : this.#page();
  }

  #login() {
    return html`<main><form class="login" @submit=${this.#submitToken}>
      <h1>Sightline</h1>
      <label>Access token <input name="token" type="password" required autofocus autocomplete="current-password"></label>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <button class="strong">Log in</button>
      <p class="quiet">The link that “sightline up” prints logs you in by itself.</p>
    </form></main>`;
  }

  #page() {
    const mayEdit = ['operator', 'admin'].includes(this.session.scope);
    const unrecorded = new Set(this.streams.filter((stream) => !stream.record).map((stream) => stream.name));
    const raised = this.alerts.filter((alert) => alert.state === 'raised').length;
    return html`
      <header class="top">
        <img src="icon.svg" alt=""><h1>Sightline</h1><span class="space"></span>
        <span class="state ${this.connected ? 'live' : 'away'}" role="status">${this.connected ? 'connected' : 'reconnecting'}</span>
        <button class="plain" @click=${this.#logout}>Log out</button>
      </header>
      ${this.notice
        ? html`<p class="notice" role="alert">${this.notice}
            <button class="plain" @click=${() => { this.notice = ''; }}>Dismiss</button></p>`
        : nothing}
      <main class="page">
        <section class="live" aria-label="Live">
          <header><h2>Live</h2></header>
          ${this.streams.length === 0
            ? html`<p class="empty-list">No streams yet. Declare some in sightline.yaml.</p>`
            : html`<div class="wall">${repeat(this.streams, (stream) => stream.name,
                (stream) => html`<stream-tile data-stream=${stream.name} .stream=${stream}></stream-tile>`)}</div>`}
        </section>
        <section class="side" aria-label="Alerts">
          <header><h2>Alerts</h2>${raised ? html`<span class="count">${raised} now</span>` : nothing}</header>
          <alert-list .items=${this.alerts} @chosen=${(event) => this.#showAlert(event.detail)}></alert-list>
        </section>
        <div class="results">
          <section aria-label="Segments">
            <header><h2>Segments</h2></header>
            <segment-list .items=${this.segments} .pictures=${this.pictures} .unrecorded=${unrecorded}
              @chosen=${(event) => this.#playSegment(event.detail)}></segment-list>
            ${this.more ? html`<div><button class="plain" @click=${this.#loadMore}>Show older</button></div>` : nothing}
          </section>
          <section aria-label="Replays">
            <header><h2>Replays</h2><span class="space"></span>
              ${mayEdit && this.streams.length
                ? html`<button class="plain" @click=${() => this.renderRoot.querySelector('replay-dialog').show()}>New replay</button>`
                : nothing}</header>
            <replay-list .items=${this.replays} @chosen=${(event) => this.#playReplay(event.detail)}></replay-list>
          </section>
        </div>
      </main>
      <player-dialog ?mayEdit=${mayEdit} reviewer=${this.session.name}
        @change-rules=${({ detail }) => this.renderRoot.querySelector('replay-dialog').edit(detail)}></player-dialog>
      <replay-dialog .streams=${this.streams}></replay-dialog>`;
  }

  async #submitToken(event) {
    event.preventDefault();
    await this.#open(new FormData(event.target).get('token'));
    if (this.session) {
      this.#begin();
    }
  }

  async #open(token) {
    try {
      this.session = await api.openSession(token);
      this.problem = '';
    } catch (error) {
      this.session = null;
      this.problem = error.message;
    }
  }

  async #logout() {
    this.#end();
    await api.closeSession().catch(() => { /* Without the server the cookie opens nothing. */ });
  }

  #begin() {
    const inOrder = (handler) => (data) =>
      this.#held === null ? handler(data) : this.#held.push(() => handler(data));
    this.#stopFollowing = api.follow({
      detections: (frame) => this.#tile(frame.stream)?.add(frame),
      chunk: (chunk) => this.#tile(chunk.stream)?.recorded(),
      segment: inOrder((segment) => this.#onSegment(segment)),
      clip: inOrder((clip) => this.#onClip(clip)),
      rendition: (rendition) => this.renderRoot.querySelector('player-dialog')?.renditionMade(rendition),
      alert: inOrder((alert) => { this.alerts = newest(this.alerts, alert, (each) => each.positionMicros); }),
      replay: inOrder((replay) => this.#onReplay(replay)),
      'replay-job': (job) => this.renderRoot.querySelector('player-dialog')?.replayEncoded(job),
      stream: () => this.#loadStreams(),
    }, (connected) => {
      this.connected = connected;
      if (connected) {
        // What happened while the connection was away is in the lists, not in events.
        this.#load();
      }
    });
    this.#streamTimer = setInterval(() => this.#loadStreams(), STREAMS_MILLIS);
    this.#makingTimer = setInterval(() => this.#readMaking(), MAKING_MILLIS);
    this.#loadStreams();
  }

  #end() {
    this.#stopFollowing();
    clearInterval(this.#streamTimer);
    clearInterval(this.#makingTimer);
    this.session = null;
  }

  async #load() {
    this.#held ??= [];
    try {
      const [segments, alerts, replays] = await Promise.all([
        api.segments({ limit: PAGE }), api.alerts({ limit: 50 }), api.replays({ limit: 50 }),
      ]);
      this.segments = segments.items;
      this.more = olderThan(segments);
      this.alerts = alerts.items;
      this.replays = replays.items;
      segments.items.forEach((segment) => this.#findPicture(segment));
    } catch (error) {
      this.#refused(error);
    } finally {
      const held = this.#held ?? [];
      this.#held = null;
      held.forEach((update) => update());
    }
  }

  async #loadStreams() {
    try {
      this.streams = (await api.streams()).items;
    } catch (error) {
      // Of a server that is away the state in the corner tells.
      this.#refused(error);
    }
  }

  #refused(error) {
    if (error.status === 401 && this.session) {
      this.#end();
    }
  }

  async #loadMore() {
    try {
      const page = await api.segments({ limit: PAGE, cursor: this.more });
      const known = new Set(this.segments.map((segment) => segment.id));
      this.segments = [...this.segments, ...page.items.filter((segment) => !known.has(segment.id))];
      this.more = olderThan(page);
      page.items.forEach((segment) => this.#findPicture(segment));
    } catch (error) {
      this.notice = error.message;
    }
  }

  #tile(stream) {
    return this.renderRoot.querySelector(`stream-tile[data-stream="${stream}"]`);
  }

  #onSegment(segment) {
    if (segment.removed) {
      this.segments = this.segments.filter((held) => held.id !== segment.id);
      this.renderRoot.querySelector('player-dialog')?.removed(segment.id);
      return;
    }
    const held = this.segments.find((each) => each.id === segment.id);
    if (held && segment.feedback === undefined && held.revision === segment.revision) {
      this.#readAgain(segment.id);
    }
    // Events do not carry what stands beside a segment; what is shown stays until there is something newer.
    const merged = {
      clip: held?.clip, clipState: held?.clipState, feedback: held?.feedback, kept: held?.kept, ...segment,
    };
    this.segments = newest(this.segments, merged, (each) => each.startMicros);
    this.renderRoot.querySelector('player-dialog')?.changed(merged);
    this.#findPicture(merged);
  }

  /** What is told once more, unchanged, is a segment on which somebody gave feedback, or that somebody keeps. */
  async #readAgain(id) {
    try {
      this.#onSegment({ clip: undefined, kept: undefined, ...await api.segment(id) });
    } catch (error) {
      this.#refused(error);
    }
  }

  /** How far the newest clips have come that are not there yet; of short ones nothing is told. */
  async #readMaking() {
    if (document.hidden) {
      return;
    }
    const recorded = new Set(this.streams.filter((stream) => stream.record).map((stream) => stream.name));
    const waiting = this.segments
      .filter((segment) => isBeingCut(segment) && recorded.has(segment.stream))
      .slice(0, MOST_WATCHED);
    for (const { id } of waiting) {
      try {
        const { making } = await api.segment(id);
        this.segments = this.segments.map((each) => (each.id === id ? { ...each, making } : each));
      } catch (error) {
        this.#refused(error);
      }
    }
  }

  #onClip(clip) {
    if (clip.variant === 'optimized') {
      this.renderRoot.querySelector('player-dialog')?.refresh(clip.segment);
      return;
    }
    const held = this.segments.find((each) => each.id === clip.segment);
    if (!held || clip.segmentRevision < (held.clip?.segmentRevision ?? 0)) {
      return;
    }
    if (clip.state === 'failed') {
      this.#onSegment({ ...held, clipError: clip.error });
    } else if (clip.state === 'ready' && clip.media) {
      this.#onSegment({ ...held, clip, clipState: 'ready' });
    } else if (clip.state === 'gone' && held.clip?.id === clip.id) {
      this.#onSegment({ ...held, clip: undefined, clipState: 'gone' });
    }
  }

  /** While a segment has no clip, the frame that opened it stands for it. */
  async #findPicture(segment) {
    const opened = segment.why?.opened?.at(-1)?.positionMicros;
    if (segment.clip || opened === undefined || this.pictures.has(segment.id)) {
      return;
    }
    this.pictures.set(segment.id, null);
    try {
      const { items } = await api.frames({
        stream: segment.stream, run: segment.run, from: opened, to: opened + 1, limit: 1,
      });
      if (items[0]?.picture) {
        this.pictures = new Map(this.pictures).set(segment.id, items[0].picture);
      }
    } catch {
      // The card says in words what it is.
    }
  }

  #onReplay(replay) {
    const player = this.renderRoot.querySelector('player-dialog');
    if (replay.state === 'gone') {
      player?.removed(replay.id);
    } else {
      player?.changedReplay(replay);
    }
    this.replays = replay.state === 'gone'
      ? this.replays.filter((held) => held.id !== replay.id)
      : newest(this.replays, replay, (each) => each.createdMicros);
  }

  #playSegment(segment) {
    this.renderRoot.querySelector('player-dialog').show(ofSegment(segment, this.pictures.get(segment.id)));
  }

  #playReplay(replay) {
    this.renderRoot.querySelector('player-dialog').show(ofReplay(replay));
  }

  async #showAlert(alert) {
    try {
      const clip = alert.clip ? await api.clip(alert.clip) : null;
      this.renderRoot.querySelector('player-dialog').show({
        title: `${alert.label}, ${alert.stream}`,
        detail: `${when(alert.positionMicros)} · ${alert.rule}`,
        media: clip?.media,
        picture: alert.picture,
        detections: [alert],
      });
    } catch (error) {
      this.notice = error.message;
    }
  }
}

/** Where the next page begins. A page may be short though the search could go on, without end. */
const olderThan = (page) => (page.items.length < PAGE ? null : page.next);

/** The list with an item put in or replaced, newest first, ignoring what is older than held. */
function newest(items, item, position) {
  const held = items.find((each) => each.id === item.id);
  if (held && held.revision > item.revision) {
    return items;
  }
  return [...items.filter((each) => each.id !== item.id), item]
    .sort((a, b) => position(b) - position(a) || (a.id < b.id ? 1 : -1))
    .slice(0, Math.max(MAX_SHOWN, items.length));
}

customElements.define('sightline-app', SightlineApp);
