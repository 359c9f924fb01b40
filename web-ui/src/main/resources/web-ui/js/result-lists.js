import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { when, length, counted } from './format.js';

/** Whether a segment has ended and its clip is still to come. */
export const isBeingCut = (segment) => !segment.open && !segment.clip && !segment.clipError
  && segment.clipState !== 'failed' && segment.clipState !== 'gone';

/** An element that renders into the page, so that one style sheet serves all. */
class List extends LitElement {
  static properties = { items: { attribute: false } };

  constructor() {
    super();
    this.items = [];
  }

  createRenderRoot() {
    return this;
  }

  /** Tells the page that somebody chose an item. */
  choose(item) {
    this.dispatchEvent(new CustomEvent('chosen', { detail: item, bubbles: true }));
  }
}

/** A picture with what matters about it in its corners. */
const thumbnail = (url, { note, length: lasts }) => html`<span class="thumbnail">
  ${url ? html`<img loading="lazy" alt="" src=${url}>` : nothing}
  ${note ? html`<span class="badge note">${note}</span>` : nothing}
  ${lasts ? html`<span class="badge length">${lasts}</span>` : nothing}
</span>`;

class SegmentList extends List {
  static properties = {
    /** Pictures of segments that have no clip: URLs by id. */
    pictures: { attribute: false },
    /** Names of the streams that keep frames alone. */
    unrecorded: { attribute: false },
  };

  constructor() {
    super();
    this.pictures = new Map();
    this.unrecorded = new Set();
  }

  render() {
    if (this.items.length === 0) {
      return html`<p class="empty-list">No segments yet. They appear here a moment after something happens.</p>`;
    }
    return html`<ul class="cards">${repeat(this.items, (segment) => segment.id, (segment) => this.#card(segment))}</ul>`;
  }

  #card(segment) {
    const picture = segment.clip?.media.thumbnail ?? this.pictures.get(segment.id);
    return html`<li>
      <button class="card" data-segment=${segment.id} ?disabled=${!segment.clip && !picture} @click=${() => this.choose(segment)}>
        ${thumbnail(picture, {
          note: this.#note(segment),
          length: segment.open ? '' : length(segment.endMicros - segment.startMicros),
        })}
        <span class="text">
          <strong class="name" title=${segment.label}>${segment.label}</strong>
          <span class="quiet name" title=${segment.stream}>${segment.stream}</span>
          <span class="quiet">${when(segment.startMicros)}${segment.edit ? ' · edited' : ''}${segment.kept ? ' · kept' : ''}</span>
        </span>
      </button></li>`;
  }

  #note(segment) {
    if (segment.open) {
      return html`<span class="state raised">going on</span>`;
    }
    if (segment.clip) {
      return '';
    }
    if (this.unrecorded.has(segment.stream)) {
      return 'picture only';
    }
    if (segment.clipState === 'gone') {
      return 'no longer kept';
    }
    if (!isBeingCut(segment)) {
      return 'no clip';
    }
    const [making] = segment.making ?? [];
    return making ? html`<span title=${making.doing}>being cut · ${making.percent} %</span>` : 'being cut';
  }
}

class AlertList extends List {
  render() {
    if (this.items.length === 0) {
      return html`<p class="empty-list">No alerts. Watch rules stand under “alerts” in the configuration.</p>`;
    }
    return html`<ul class="alerts" aria-live="polite">
      ${repeat(this.items, (alert) => alert.id, (alert) => html`<li>
        <button class="alert" data-alert=${alert.id} @click=${() => this.choose(alert)}>
          ${alert.picture ? html`<img loading="lazy" alt="" src=${alert.picture}>` : html`<span class="no-picture"></span>`}
          <span class="text">
            <strong class="name" title=${alert.label}>${alert.label}</strong>
            <span class="quiet name" title=${alert.stream}>${alert.stream}</span>
            <span class="quiet">${when(alert.positionMicros)} · ${Math.round(alert.confidence)} %</span>
            <span class="state ${alert.state}">${alert.state === 'raised' ? 'now' : 'over'}</span>
          </span>
        </button></li>`)}
    </ul>`;
  }
}

class ReplayList extends List {
  render() {
    if (this.items.length === 0) {
      return html`<p class="empty-list">No replays yet.</p>`;
    }
    return html`<ul class="cards">
      ${repeat(this.items, (replay) => replay.id, (replay) => html`<li>
        <button class="card" data-replay=${replay.id} @click=${() => this.choose(replay)}>
          ${thumbnail(replay.media?.thumbnail, { length: length(replay.durationMicros) })}
          <span class="text">
            <strong class="name" title=${replay.title}>${replay.title}</strong>
            <span class="quiet">${counted(replay.segments)}</span>
            <span class="state ${replay.state}">${replay.error ?? replay.state}${replay.complete || replay.error ? nothing : ', growing'}</span>
          </span>
        </button></li>`)}
    </ul>`;
  }
}

customElements.define('segment-list', SegmentList);
customElements.define('alert-list', AlertList);
customElements.define('replay-list', ReplayList);
