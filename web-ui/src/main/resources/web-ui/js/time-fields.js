import { LitElement, html } from 'lit';

const pad = (value, digits = 2) => String(value).padStart(digits, '0');

/** A field whose value is microseconds, which stay as they are until somebody changes the text. */
class MicrosField extends LitElement {
  static properties = {
    micros: { type: Number },
    label: { type: String },
    required: { type: Boolean },
  };

  constructor() {
    super();
    this.micros = null;
    this.label = '';
    this.required = false;
  }

  createRenderRoot() {
    return this;
  }

  /** Takes what somebody wrote; null when the field is empty. */
  take(micros) {
    this.micros = micros;
    this.dispatchEvent(new CustomEvent('micros', { detail: micros }));
  }
}

/** A position as local date and time. */
class PositionField extends MicrosField {
  render() {
    return html`<label>${this.label}
      <input type="datetime-local" step="0.001" ?required=${this.required} .value=${localTime(this.micros)}
        @change=${({ target }) => this.take(target.value ? new Date(target.value).getTime() * 1000 : null)}></label>`;
  }
}

/** A length as 1:30 or 1:02:03.5. */
class LengthField extends MicrosField {
  render() {
    return html`<label>${this.label}
      <input inputmode="numeric" placeholder="m:ss" ?required=${this.required} pattern="(\\d+:)?\\d{1,3}:\\d{1,2}(\\.\\d+)?|\\d+(\\.\\d+)?"
        title="Minutes and seconds, such as 1:30" .value=${this.micros === null ? '' : lengthText(this.micros)}
        @change=${({ target }) => this.take(target.value ? lengthOf(target.value) : null)}></label>`;
  }
}

/** A position within a day as timecode; the arrow keys move it by a tenth of a second, with Shift by one. */
class TimecodeField extends MicrosField {
  render() {
    return html`<label>${this.label}
      <input class="timecode" inputmode="numeric" spellcheck="false" autocomplete="off" title="Hours, minutes, seconds; the arrow keys move it"
        .value=${timecode(this.micros)} @keydown=${this.#step} @change=${this.#read}></label>`;
  }

  #step(event) {
    const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (direction) {
      event.preventDefault();
      this.take(this.micros + direction * (event.shiftKey ? 1e6 : 1e5));
    }
  }

  #read({ target }) {
    const micros = microsOfTimecode(target.value, this.micros);
    target.value = timecode(micros ?? this.micros);
    if (micros !== null) {
      this.take(micros);
    }
  }
}

function localTime(micros) {
  if (micros === null || micros === undefined) {
    return '';
  }
  const date = new Date(micros / 1000);
  return `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}T${clock(date)}`;
}

const clock = (date) =>
  `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;

/** A position as local time of day, to the millisecond. */
export const timecode = (micros) => clock(new Date(micros / 1000));

/** The position of a time of day that is nearest to another; null when it is none. */
function microsOfTimecode(text, near) {
  const parts = text.trim().match(/^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d{1,6}))?$/);
  if (!parts) {
    return null;
  }
  const [, hours, minutes, seconds, fraction = '0'] = parts;
  const date = new Date(near / 1000);
  date.setHours(Number(hours), Number(minutes), Number(seconds), 0);
  const micros = date.getTime() * 1000 + Number(fraction.padEnd(6, '0'));
  const day = 24 * 3600 * 1e6;
  return [micros - day, micros, micros + day].reduce((a, b) => (Math.abs(b - near) < Math.abs(a - near) ? b : a));
}

/** Microseconds as 0:07.5 or 1:02:03. */
export function lengthText(micros) {
  const millis = Math.round(micros / 1000);
  const seconds = Math.floor(millis / 1000);
  const fraction = millis % 1000 ? `.${pad(millis % 1000, 3)}`.replace(/0+$/, '') : '';
  const minutes = Math.floor(seconds / 60);
  return minutes >= 60
    ? `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}${fraction}`
    : `${minutes}:${pad(seconds % 60)}${fraction}`;
}

const lengthOf = (text) =>
  Math.round(text.split(':').reduce((sum, part) => sum * 60 + Number(part), 0) * 1e6);

customElements.define('position-field', PositionField);
customElements.define('length-field', LengthField);
customElements.define('timecode-field', TimecodeField);
