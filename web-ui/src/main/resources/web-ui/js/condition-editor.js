import { LitElement, html, nothing } from 'lit';
import { KINDS, COMPARED, newTest, newGroup, toGroup, toCondition, pathOf } from './conditions.js';
import './value-list.js';
import './time-fields.js';

/** What segments must be like: built of rows, or written as JSON. Tells of changes with `condition`. */
class ConditionEditor extends LitElement {
  static properties = {
    condition: { attribute: false },
    /** Its path in the request. */
    path: { type: String },
    label: { type: String },
    streams: { attribute: false },
    group: { state: true },
    /** What is written, while it is written as JSON; else null. */
    text: { state: true },
    problem: { state: true },
  };

  #sent = undefined;

  constructor() {
    super();
    this.condition = null;
    this.path = '';
    this.label = 'Conditions';
    this.streams = [];
    this.group = newGroup('and', []);
    this.text = null;
    this.problem = '';
  }

  createRenderRoot() {
    return this;
  }

  willUpdate(changed) {
    if (changed.has('condition') && this.condition !== this.#sent) {
      const group = toGroup(this.condition);
      this.group = group ?? newGroup('and', []);
      this.text = group ? null : json(this.condition);
      this.problem = '';
    }
  }

  render() {
    return html`<div class="conditions" role="group" aria-label=${this.label}>
      ${this.text === null ? this.#group(this.group, this.path, 0, (next) => this.#take(next)) : this.#json()}
      <p class="choices">
        ${this.text === null
          ? html`
            <button type="button" class="link" @click=${() => this.#add(newTest())}>Add a condition</button>
            ${this.group.parts.length ? html`<button type="button" class="link" @click=${() => this.#add(newGroup(other(this.group.word)))}>Add a group</button>` : nothing}
            <button type="button" class="link" @click=${() => { this.text = json(toCondition(this.group)); }}>Write as JSON</button>`
          : html`<button type="button" class="link" @click=${this.#toRows}>Back to rows</button>`}
      </p>
    </div>`;
  }

  #json() {
    return html`<label data-field=${this.path}>As JSON
      <textarea class="code" rows="7" spellcheck="false" .value=${this.text} @change=${this.#read}></textarea></label>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}`;
  }

  #read({ target }) {
    this.text = target.value;
    try {
      const condition = this.text.trim() ? JSON.parse(this.text) : null;
      this.problem = '';
      this.#send(condition);
      return condition;
    } catch (error) {
      this.problem = `This is not JSON: ${error.message}`;
      return undefined;
    }
  }

  #toRows() {
    const condition = this.#read({ target: this.renderRoot.querySelector('textarea') });
    const group = condition === undefined ? null : toGroup(condition);
    if (group) {
      this.group = group;
      this.text = null;
    } else if (!this.problem) {
      this.problem = 'The rows show groups of tests, each of one thing; this goes further and stays JSON.';
    }
  }

  #group(group, path, depth, change) {
    const several = group.parts.length > 1;
    const part = (next, index) => change({ ...group, parts: group.parts.map((held, at) => (at === index ? next : held)) });
    const without = (index) => change({ ...group, parts: group.parts.filter((_, at) => at !== index) });
    return html`${several
      ? html`<p class="word">${depth
          ? html`<select aria-label="Negated" @change=${({ target }) => change({ ...group, not: target.value === 'not' })}>
              ${options({ as: 'Holds when', not: 'Not when' }, group.not ? 'not' : 'as')}</select>`
          : 'Segments that meet'}
          <select aria-label="How they go together" @change=${({ target }) => change({ ...group, word: target.value })}>
            ${options({ and: 'all of these', or: 'one of these or more' }, group.word)}</select></p>`
      : nothing}
    <ul class="parts">${group.parts.map((held, index) => {
      const own = pathOf(path, group, index);
      const remove = html`<button type="button" class="icon" aria-label="Remove this condition" title="Remove" @click=${() => without(index)}>×</button>`;
      return held.parts
        ? html`<li class="subgroup" data-field=${own}>${this.#group(held, own, depth + 1, (next) => part(next, index))}
            <p class="choices"><button type="button" class="link" @click=${() => part({ ...held, parts: [...held.parts, newTest()] }, index)}>Add to this group</button>
              <button type="button" class="link" @click=${() => without(index)}>Remove the group</button></p></li>`
        : html`<li class="test" data-field=${own}>${this.#test(held, (next) => part(next, index))}${remove}</li>`;
    })}</ul>`;
  }

  #test(test, change) {
    const { what, compared, not, name } = test;
    const kind = KINDS[what];
    return html`
      <select aria-label="What is looked at" @change=${({ target }) => change({ ...newTest(target.value), not })}>
        ${options(Object.fromEntries(Object.entries(KINDS).map(([id, one]) => [id, one.name])), what)}</select>
      ${what === 'feature'
        ? html`<input class="feature" aria-label="Name of the feature" placeholder="name" list="known-features" maxlength="200" .value=${name}
            @change=${({ target }) => change({ ...test, name: target.value.trim() })}>`
        : nothing}
      <select aria-label="How it is compared" @change=${({ target }) => {
        const [negated, next] = target.value.split(' ');
        change({ ...test, not: negated === 'not', compared: next, values: next === compared ? test.values : {} });
      }}>
        ${kind.compared.flatMap((one) => [
          option(`is ${one}`, COMPARED[one], !not && one === compared),
          option(`not ${one}`, negative(one), not && one === compared)])}</select>
      ${this.#values(test, (values) => change({ ...test, values: { ...test.values, ...values } }))}`;
  }

  #values({ what, compared, values }, change) {
    const kind = KINDS[what];
    if (compared === 'there') {
      return nothing;
    }
    if (compared === 'range') {
      const bound = (field, text) => html`<label class="bound">${text}
        <input type="number" step="any" .value=${values[field] ?? ''}
          @change=${({ target }) => change({ [field]: target.value === '' ? null : Number(target.value) })}></label>`;
      return html`<span class="range">${bound('atLeast', 'from')}${bound('atMost', 'to')}${kind.unit ? html`<span class="quiet">${kind.unit}</span>` : nothing}</span>`;
    }
    if (compared === 'time') {
      return html`<span class="range">
        <position-field label="from" .micros=${values.fromMicros ?? null} @micros=${({ detail }) => change({ fromMicros: detail })}></position-field>
        <position-field label="to" .micros=${values.toMicros ?? null} @micros=${({ detail }) => change({ toMicros: detail })}></position-field></span>`;
    }
    const choices = kind.choices ?? (what === 'stream' ? Object.fromEntries(this.streams.map((each) => [each, each])) : null);
    const held = values[compared] ?? [];
    return choices
      ? html`<span class="range">${Object.entries(choices).map(([id, text]) => html`<label class="choice"><input type="checkbox" .checked=${held.includes(id)}
          @change=${({ target }) => change({ [compared]: target.checked ? [...held, id] : held.filter((each) => each !== id) })}>${text}</label>`)}</span>`
      : html`<value-list label="Values" placeholder="such as goal, then Enter" suggestions=${what === 'label' ? 'known-labels' : ''} .values=${held}
          @values=${({ detail }) => change({ [compared]: detail })}></value-list>`;
  }

  async #add(part) {
    this.#take({ ...this.group, parts: [...this.group.parts, part] });
    await this.updateComplete;
    [...this.renderRoot.querySelectorAll('.parts > li')].at(-1)?.querySelector('select')?.focus();
  }

  #take(group) {
    // A group that has lost its last part says nothing any more.
    this.group = { ...group, parts: group.parts.filter((part) => !part.parts || part.parts.length > 0) };
    this.#send(toCondition(this.group));
  }

  #send(condition) {
    this.#sent = condition;
    this.dispatchEvent(new CustomEvent('condition', { detail: condition }));
  }
}

const json = (condition) => (condition ? JSON.stringify(condition, null, 2) : '');
const other = (word) => (word === 'and' ? 'or' : 'and');
const negative = (compared) => COMPARED[compared].replace(/^is /, 'is not ').replace(/^contains/, 'does not contain').replace(/^lies/, 'does not lie');
const option = (id, text, selected) => html`<option value=${id} .selected=${selected}>${text}</option>`;
const options = (texts, chosen) => Object.entries(texts).map(([id, text]) => option(id, text, id === chosen));

customElements.define('condition-editor', ConditionEditor);
