/**
 * Which detections belong to the picture on the screen, and how they are drawn.
 */

const KEPT_MICROS = 60e6;
const LABEL_PIXELS = 13;
/** Analyzers also report what is barely there, which segments need and people do not. */
const SHOWN_CONFIDENCE = 45;
const COLOURS = ['#5cc8ff', '#ffb454', '#4cd08a', '#ff8fb1', '#c3a6ff', '#f5e960'];

/** The recent detections of one stream, by position. */
export class Detections {
  #frames = [];
  #intervalMicros = 200_000;

  add(frame) {
    const last = this.#frames.at(-1);
    if (last && frame.positionMicros <= last.positionMicros) {
      // A looping file or a new epoch may begin again; what is behind it can no longer be shown.
      this.#frames = this.#frames.filter((kept) => kept.positionMicros < frame.positionMicros);
    } else if (last) {
      const interval = frame.positionMicros - last.positionMicros;
      if (interval < 5e6) {
        this.#intervalMicros = 0.8 * this.#intervalMicros + 0.2 * interval;
      }
    }
    this.#frames.push(frame);
    const oldest = frame.positionMicros - KEPT_MICROS;
    while (this.#frames.length && this.#frames[0].positionMicros < oldest) {
      this.#frames.shift();
    }
  }

  /**
   * The detections for the picture at a position: of the newest analysed frame not after it. They
   * hold until the next frame is due and a little longer, so that boxes do not flicker.
   */
  at(positionMicros) {
    for (let i = this.#frames.length - 1; i >= 0; i--) {
      const frame = this.#frames[i];
      if (frame.positionMicros <= positionMicros) {
        return positionMicros - frame.positionMicros <= 1.6 * this.#intervalMicros + 40_000
          ? frame.detections
          : [];
      }
    }
    return [];
  }

  latest() {
    return this.#frames.at(-1) ?? null;
  }
}

const colourOf = (label) => {
  let sum = 0;
  for (const letter of label) {
    sum = (sum * 31 + letter.codePointAt(0)) % 997;
  }
  return COLOURS[sum % COLOURS.length];
};

/**
 * Draws boxes and labels over a picture that is fitted into the canvas's element as "contain".
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} width of the picture
 * @param {number} height of the picture
 */
export function draw(canvas, detections, width, height) {
  const ratio = window.devicePixelRatio || 1;
  const pixelWidth = Math.round(canvas.clientWidth * ratio);
  const pixelHeight = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== pixelWidth || canvas.height !== pixelHeight) {
    canvas.width = pixelWidth;
    canvas.height = pixelHeight;
  }
  const pen = canvas.getContext('2d');
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, pixelWidth, pixelHeight);
  if (!width || !height) {
    return;
  }
  const scale = Math.min(canvas.clientWidth / width, canvas.clientHeight / height);
  const shownWidth = width * scale;
  const shownHeight = height * scale;
  const left = (canvas.clientWidth - shownWidth) / 2;
  const top = (canvas.clientHeight - shownHeight) / 2;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.lineWidth = 2;
  pen.font = `600 ${LABEL_PIXELS}px system-ui, sans-serif`;
  pen.textBaseline = 'top';
  for (const { box, label, confidence } of detections) {
    if (!box || confidence < SHOWN_CONFIDENCE) {
      continue;
    }
    const x = left + box.left * shownWidth;
    const y = top + box.top * shownHeight;
    const text = `${label} ${Math.round(confidence)}`;
    pen.strokeStyle = pen.fillStyle = colourOf(label);
    pen.strokeRect(x, y, box.width * shownWidth, box.height * shownHeight);
    const textWidth = pen.measureText(text).width + 8;
    const textTop = y >= LABEL_PIXELS + 6 ? y - LABEL_PIXELS - 6 : y;
    pen.fillRect(x - 1, textTop, textWidth, LABEL_PIXELS + 6);
    pen.fillStyle = '#05131c';
    pen.fillText(text, x + 3, textTop + 3);
  }
}
