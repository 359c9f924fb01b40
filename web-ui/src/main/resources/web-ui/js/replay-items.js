import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import * as api from './api.js';
import { ReplayChanges } from './replay-changes.js';
import { moveHandle, moved } from './sortable.js';
import { when, length } from './format.js';
import './trim-editor.js';

const PAGE = 200;
const MAX_SHOWN = 1000;
const LOOK_MILLIS = 250;

/** What is in a replay and what is not, why, and what people decide of it; each decision holds at once. */
class ReplayItems extends LitElement {
  static properties = {
    replay: { attribute: false },
    /** The rules that hold; null while they are not known. */
    rules: { attribute: false },
    player: { attribute: false },
    mayEdit: { type: Boolean },
    /** Whether the replay is being deleted. */
    leaving: { type: Boolean },
    items: { state: true },
    more: { state: true },
    /** What went wrong: of which segment, null for all, and with what. */
    problem: { state: true },
    /** Segment that plays, that is trimmed, that is about to change its place with another. */
    playing: { state: true },
    trimmed: { state: true },
    swapped: { state: true },
    /** Ids in the order that somebody has just made, until the replay has it. */
    order: { state: true },
    /** Whether decisions are on their way into the reel. */
    making: { state: true },
  };

  #changes = null;
  /** Revision of the last request, with which the replay shows all decisions. */
  #awaited = 0;
  #looking = 0;

  constructor() {
    super();
    this.replay = null;
    this.rules = null;
    this.player = null;
    this.mayEdit = false;
    this.leaving = false;
    this.#reset();
  }

  #reset() {
    this.items = null;
    this.more = false;
    this.problem = null;
    this.playing = null;
    this.trimmed = null;
    this.swapped = null;
    this.order = null;
    this.making = false;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#looking = setInterval(() => this.#look(), LOOK_MILLIS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.#looking);
  }

  willUpdate(changed) {
    if (!changed.has('replay')) {
      return;
    }
    const before = changed.get('replay');
    if (before?.id !== this.replay.id) {
      this.#reset();
      this.#changes = new ReplayChanges(this.replay.id);
      this.#awaited = 0;
      this.#load();
    } else if (before.revision !== this.replay.revision && !this.leaving) {
      this.#load();
    }
  }

  async #load() {
    const { id, revision } = this.replay;
    try {
      const items = [];
      let cursor = null;
      do {
        const page = await api.replayItems(id, { limit: PAGE, cursor });
        items.push(...page.items);
        cursor = page.next;
      } while (cursor && items.length < MAX_SHOWN);
      if (this.replay.id === id && this.replay.revision === revision) {
        this.items = items;
        this.more = cursor !== null;
        this.#settle();
      }
    } catch (error) {
      this.problem = { segment: null, message: error.message };
    }
  }

  /** What somebody decided is shown as if it held, until it does. */
  #settle() {
    this.making = this.#changes.busy || this.replay.requestRevision < this.#awaited;
    if (!this.making) {
      this.order = null;
    }
  }

  render() {
    const included = this.#included();
    const excluded = (this.items ?? []).filter((item) => !item.included);
    const general = this.problem?.segment === null ? this.problem.message : '';
    return html`
      <header><h2>In the replay</h2><span class="quiet" role="status">${this.making ? 'is being made anew…' : ''}</span></header>
      ${general ? html`<p class="problem" role="alert">${general}</p>` : nothing}
      ${this.items === null ? nothing : html`
        <ol class="decisions" aria-label="In the replay">${repeat(included, (item) => item.segment, (item, index) => this.#in(item, index, included))}</ol>
        ${included.length ? nothing : html`<p class="quiet">Nothing is in it yet.</p>`}
        ${excluded.length
          ? html`<h2>Left out</h2><ul class="decisions" aria-label="Left out">${repeat(excluded, (item) => item.segment, (item) => this.#out(item))}</ul>`
          : nothing}
        ${this.more ? html`<p class="quiet">These are the first ${MAX_SHOWN}; the API has all.</p>` : nothing}`}`;
  }

  #included() {
    const place = new Map(this.order?.map((id, index) => [id, index]));
    const of = (item) => place.get(item.segment) ?? item.order;
    return (this.items ?? []).filter((item) => item.included).sort((a, b) => of(a) - of(b));
  }

  #mayDecide() {
    return this.mayEdit && this.rules && this.rules.mode !== 'timestamps';
  }

  #in(item, index, included) {
    const { segment, label } = item;
    const { locked = [], trims = [] } = this.rules?.decisions ?? {};
    const manual = this.rules?.mode === 'manual';
    const trim = trims.find((each) => each.segment === segment);
    const open = this.trimmed === segment;
    return html`<li data-key=${segment} data-item=${segment} class=${this.playing === segment ? 'playing' : ''}>
      ${this.#mayDecide() ? moveHandle(label, index, included.length, (from, to) => this.#move(included, from, to)) : nothing}
      <button type="button" class="thumb" aria-label=${`Play from ${label}`} title="Plays from there" @click=${() => this.#playFrom(item)}>
        ${item.media?.thumbnail ? html`<img alt="" loading="lazy" src=${item.media.thumbnail}>` : nothing}</button>
      ${about(item, html`${locked.includes(segment) ? html`<span class="tag">locked</span>` : nothing}${trim ? html`<span class="tag">trimmed</span>` : item.variant === 'optimized' ? html`<span class="tag">optimized</span>` : nothing}`)}
      ${this.#mayDecide()
        ? html`<span class="actions">
            ${manual ? nothing : button('lock', locked.includes(segment), 'Lock', 'Always in', () => this.#decide(segment, locked.includes(segment) ? this.#without(segment, 'locked') : { decide: { lock: [segment] } }))}
            ${button('trim', open, 'Trim', 'Other marks, in this replay alone', () => this.#openTrim(open ? null : segment))}
            ${this.swapped && this.swapped !== segment
              ? button('swap-here', null, 'Swap here', 'Changes places with the one you chose', () => this.#swap(segment))
              : button('swap', this.swapped === segment, 'Swap', 'Changes places with another', () => { this.swapped = this.swapped ? null : segment; })}
            ${manual
              ? button('out', null, 'Take out', 'Not in any more', () => this.#decide(segment, { decide: { order: this.rules.decisions.order.filter((id) => id !== segment) } }))
              : button('ban', null, 'Ban', 'Never in', () => this.#decide(segment, { decide: { ban: [segment] } }))}
          </span>`
        : nothing}
      ${this.#said(segment)}
      ${open
        ? html`<trim-editor .item=${item} .trim=${trim ?? null} .run=${this.replay.selection.run} .player=${this.player} .problem=${this.problem?.segment === segment ? this.problem : null}
            @trim=${({ detail }) => this.#trim(segment, detail)} @as-found=${() => this.#asFound(segment)} @close=${() => this.#openTrim(null)}></trim-editor>`
        : nothing}
    </li>`;
  }

  #out(item) {
    const { segment } = item;
    const { banned = [], locked = [], order = [] } = this.rules?.decisions ?? {};
    const actions = this.rules?.mode === 'manual'
      ? button('in', null, 'Add', 'Plays at the end', () => this.#decide(segment, { decide: { order: [...order.filter((id) => id !== segment), segment] } }))
      : html`${banned.includes(segment)
          ? button('free', null, 'Let in again', 'The rules decide of it', () => this.#decide(segment, { decide: { free: [segment] } }))
          : button('ban', null, 'Ban', 'Never in', () => this.#decide(segment, { decide: { ban: [segment] } }))}
        ${locked.includes(segment)
          ? button('free', null, 'Unlock', 'The rules decide of it', () => this.#decide(segment, { decide: { free: [segment] } }))
          : button('lock', null, 'Lock in', 'Always in', () => this.#decide(segment, { decide: { lock: [segment] } }))}`;
    return html`<li data-key=${segment} data-item=${segment}>${about(item, nothing)}
      ${this.#mayDecide() ? html`<span class="actions">${actions}</span>` : nothing}${this.#said(segment)}</li>`;
  }

  #said(segment) {
    return this.problem?.segment === segment && !this.problem.mark
      ? html`<p class="problem" role="alert">${this.problem.message}</p>`
      : nothing;
  }

  /** Sends one decision; what comes of it is told by an event of the replay. */
  async #decide(segment, change, { kind = JSON.stringify(change), mark = null } = {}) {
    this.problem = null;
    this.making = true;
    try {
      const answer = await this.#changes.apply(kind, change);
      if (answer) {
        this.#awaited = answer.askedRevision;
        this.dispatchEvent(new CustomEvent('decided', { detail: answer.rules }));
      }
    } catch (error) {
      this.problem = { segment, message: error.message, mark };
      this.order = null;
    }
    this.#settle();
  }

  /** All places that somebody decided on, with the ones that change now. */
  #move(included, from, to) {
    const ids = moved(included.map((item) => item.segment), from, to);
    this.order = ids;
    const decided = new Set([
      ...(this.rules.decisions?.order ?? []), ...ids.slice(Math.min(from, to), Math.max(from, to) + 1)]);
    const absent = this.rules.mode === 'manual' ? this.rules.decisions.order.filter((id) => !ids.includes(id)) : [];
    return this.#decide(ids[to], { decide: { order: [...ids.filter((id) => decided.has(id)), ...absent] } }, { kind: 'order' });
  }

  async #swap(other) {
    const chosen = this.swapped;
    this.swapped = null;
    await this.#decide(other, { decide: { swap: [chosen, other] } });
  }

  #trim(segment, { startMicros, endMicros, mark }) {
    return this.#decide(segment, { decide: { trim: [{ segment, startMicros, endMicros }] } }, { kind: `trim ${segment}`, mark });
  }

  /** Freeing would unlock it, too. */
  #asFound(segment) {
    const { decisions } = this.rules;
    const trims = decisions.trims.filter((each) => each.segment !== segment);
    return this.#decide(segment, { rules: { ...this.rules, decisions: { ...decisions, trims } } }, { kind: `trim ${segment}` });
  }

  #without(segment, list) {
    const { decisions } = this.rules;
    return { rules: { ...this.rules, decisions: { ...decisions, [list]: decisions[list].filter((id) => id !== segment) } } };
  }

  #openTrim(segment) {
    this.trimmed = segment;
    this.problem = null;
  }

  #playFrom(item) {
    const video = this.player.video();
    if (this.trimmed) {
      this.#openTrim(null);
    } else if (video) {
      video.currentTime = item.offsetMicros / 1e6 + 0.001;
      video.play().catch(() => { /* The controls are there. */ });
    }
  }

  #look() {
    const at = this.trimmed || !this.items ? null : this.player?.video()?.currentTime;
    const item = at === null || at === undefined ? null : this.items.findLast((each) => each.included
      && each.offsetMicros <= at * 1e6 && at * 1e6 < each.offsetMicros + each.durationMicros);
    this.playing = item?.segment ?? null;
  }
}

const about = (item, tags) => html`<span class="text">
  <span><strong class="name" title=${item.label ?? ''}>${item.label}</strong>${tags}</span>
  <span class="quiet name">${item.stream} · ${when(item.startMicros)}${item.included ? ` · ${length(item.durationMicros)}` : nothing}</span>
  <span class="reason">${item.reason}</span></span>`;

const button = (name, pressed, text, title, click) => html`<button type="button" class="action" data-action=${name} title=${title}
  aria-pressed=${pressed === null ? nothing : Boolean(pressed)} @click=${click}>${text}</button>`;

customElements.define('replay-items', ReplayItems);
