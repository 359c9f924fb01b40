import { html } from 'lit';

/** Elements in which somebody is being asked whether it is to go for good. */
const asking = new WeakSet();

/** A button for what goes for good, so people are asked once more; it disappears when the server says so. */
export function goodbye(element, text, go) {
  const ask = (asked) => () => {
    asking[asked ? 'add' : 'delete'](element);
    element.requestUpdate();
  };
  return asking.has(element)
    ? html`<button class="strong" name="goodbye" @click=${go}>${text} for good</button>
        <button class="plain" @click=${ask(false)}>Let it be</button>`
    : html`<button class="plain" name="goodbye" @click=${ask(true)}>${text}…</button>`;
}
