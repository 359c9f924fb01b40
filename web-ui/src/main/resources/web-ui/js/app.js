import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as api from './api.js';
import './stream-tile.js';
import './result-lists.js';
import './replay-dialog.js';
import { ofSegment } from './player-dialog.js';
import { when, length } from './format.js';

const PAGE = 24;
const MAX_SHOWN = 200;
const STREAMS_MILLIS = 5000;

/** The page: who is asked to log in, what is fetched, and where live updates go. */
class SightlineApp extends LitElement {
  static properties = {
    session: { state: true },
    problem: { state: true },
    connected: { state: true },
    streams: { state: true },
    segments: { state: true },
    alerts: { state: true },
    replays: { state: true },
    more: { state: true },
  };

  #stopFollowing = () => {};
  #streamTimer = 0;

  constructor() {
    super();
    this.session = undefined;
    this.problem = '';
    this.connected = false;
    this.streams = [];
    this.segments = [];
    this.alerts = [];
    this.replays = [];
    this.more = null;
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
    return html`
      <header class="top">
        <img src="icon.svg" alt=""><h1>Sightline</h1><span class="space"></span>
        <span class="state ${this.connected ? 'live' : 'away'}" role="status">${this.connected ? 'connected' : 'reconnecting'}</span>
        <button class="plain" @click=${this.#logout}>Log out</button>
      </header>
      <main class="page">
        <div>
          <section aria-label="Live">
            <header><h2>Live</h2></header>
            ${this.streams.length === 0
              ? html`<p class="empty-list">No streams yet. Declare some in sightline.yaml.</p>`
              : html`<div class="wall">${repeat(this.streams, (stream) => stream.name,
                  (stream) => html`<stream-tile data-stream=${stream.name} .stream=${stream}></stream-tile>`)}</div>`}
          </section>
          <section aria-label="Segments">
            <header><h2>Segments</h2></header>
            <segment-list .items=${this.segments} @chosen=${(event) => this.#playSegment(event.detail)}></segment-list>
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
        <section aria-label="Alerts">
          <header><h2>Alerts</h2></header>
          <alert-list .items=${this.alerts} @chosen=${(event) => this.#showAlert(event.detail)}></alert-list>
        </section>
      </main>
      <player-dialog ?mayEdit=${mayEdit}></player-dialog>
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
    this.#stopFollowing();
    clearInterval(this.#streamTimer);
    await api.closeSession();
    this.session = null;
  }

  #begin() {
    this.#stopFollowing = api.follow({
      detections: (frame) => this.#tile(frame.stream)?.add(frame),
      segment: (segment) => this.#onSegment(segment),
      clip: (clip) => this.#onClip(clip),
      alert: (alert) => { this.alerts = newest(this.alerts, alert, (each) => each.positionMicros); },
      replay: (replay) => this.#onReplay(replay),
      stream: () => this.#loadStreams(),
    }, (connected) => {
      this.connected = connected;
      if (connected) {
        // What happened while the connection was away is in the lists, not in events.
        this.#load();
      }
    });
    this.#streamTimer = setInterval(() => this.#loadStreams(), STREAMS_MILLIS);
    this.#load();
  }

  async #load() {
    try {
      const [segments, alerts, replays] = await Promise.all([
        api.segments({ limit: PAGE }), api.alerts({ limit: 50 }), api.replays({ limit: 50 }), this.#loadStreams(),
      ]);
      this.segments = segments.items;
      this.more = segments.next;
      this.alerts = alerts.items;
      this.replays = replays.items;
    } catch (error) {
      if (error.status === 401) {
        this.#stopFollowing();
        this.session = null;
      }
    }
  }

  async #loadStreams() {
    try {
      this.streams = (await api.streams()).items;
    } catch {
      // The state in the corner says that the server is away.
    }
  }

  async #loadMore() {
    const page = await api.segments({ limit: PAGE, cursor: this.more });
    const known = new Set(this.segments.map((segment) => segment.id));
    this.segments = [...this.segments, ...page.items.filter((segment) => !known.has(segment.id))];
    this.more = page.next;
  }

  #tile(stream) {
    return this.renderRoot.querySelector(`stream-tile[data-stream="${stream}"]`);
  }

  #onSegment(segment) {
    if (segment.removed) {
      this.segments = this.segments.filter((held) => held.id !== segment.id);
      return;
    }
    const held = this.segments.find((each) => each.id === segment.id);
    // Events do not carry the clip; the one that is shown stays until the next is ready.
    const merged = held?.clip && !segment.clip ? { ...segment, clip: held.clip } : segment;
    this.segments = newest(this.segments, merged, (each) => each.startMicros);
  }

  async #onClip(clip) {
    if (clip.state !== 'ready' || !clip.media) {
      return;
    }
    const held = this.segments.find((each) => each.id === clip.segment);
    if (held) {
      this.#onSegment({ ...held, clip });
    }
  }

  #onReplay(replay) {
    this.replays = replay.state === 'cancelled'
      ? this.replays.filter((held) => held.id !== replay.id)
      : newest(this.replays, replay, (each) => each.createdMicros);
  }

  #playSegment(segment) {
    this.renderRoot.querySelector('player-dialog').show(ofSegment(segment));
  }

  #playReplay(replay) {
    this.renderRoot.querySelector('player-dialog').show({
      title: replay.title,
      detail: `${replay.segments} segments · ${length(replay.durationMicros)}`,
      media: replay.media,
    });
  }

  async #showAlert(alert) {
    if (!alert.clip) {
      if (alert.picture) {
        window.open(alert.picture, '_blank', 'noopener');
      }
      return;
    }
    const clip = await api.clip(alert.clip);
    if (clip.media) {
      this.renderRoot.querySelector('player-dialog').show({
        title: `${alert.label}, ${alert.stream}`,
        detail: when(alert.positionMicros),
        media: clip.media,
      });
    }
  }
}

/** The list with an item put in or replaced, newest first, ignoring what is older than held. */
function newest(items, item, position) {
  const held = items.find((each) => each.id === item.id);
  if (held && held.revision > item.revision) {
    return items;
  }
  return [...items.filter((each) => each.id !== item.id), item]
    .sort((a, b) => position(b) - position(a) || (a.id < b.id ? 1 : -1))
    .slice(0, MAX_SHOWN);
}

customElements.define('sightline-app', SightlineApp);
