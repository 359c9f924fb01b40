import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { when, length } from './format.js';

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

const thumbnail = (url, otherwise) =>
  html`<span class="thumbnail">${url ? html`<img loading="lazy" alt="" src=${url}>` : otherwise}</span>`;

class SegmentList extends List {
  render() {
    if (this.items.length === 0) {
      return html`<p class="empty-list">No segments yet. They appear here a moment after something ends.</p>`;
    }
    return html`<ul class="cards">
      ${repeat(this.items, (segment) => segment.id, (segment) => html`<li>
        <button class="card" data-segment=${segment.id} ?disabled=${!segment.clip} @click=${() => this.choose(segment)}>
          ${thumbnail(segment.clip?.media.thumbnail, segment.open ? 'going on' : 'being cut')}
          <span class="text">
            <strong>${segment.label}</strong>
            <span class="quiet">${segment.stream} · ${when(segment.startMicros)}</span>
            <span class="quiet">${segment.open ? 'open' : length(segment.endMicros - segment.startMicros)}
              ${segment.edit ? ' · edited' : ''}</span>
          </span>
        </button></li>`)}
    </ul>`;
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
          <span>
            <strong>${alert.label}</strong> <span class="quiet">${Math.round(alert.confidence)} %</span><br>
            <span class="quiet">${alert.stream} · ${when(alert.positionMicros)}</span><br>
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
        <button class="card" data-replay=${replay.id} ?disabled=${!replay.media} @click=${() => this.choose(replay)}>
          ${thumbnail(replay.media?.thumbnail, length(replay.durationMicros))}
          <span class="text">
            <strong>${replay.title}</strong>
            <span class="quiet">${replay.segments} ${replay.segments === 1 ? 'segment' : 'segments'} ·
              ${length(replay.durationMicros)}${replay.complete ? nothing : ' · growing'}</span>
            <span class="state ${replay.state}">${replay.error ?? replay.state}</span>
          </span>
        </button></li>`)}
    </ul>`;
  }
}

customElements.define('segment-list', SegmentList);
customElements.define('alert-list', AlertList);
customElements.define('replay-list', ReplayList);
