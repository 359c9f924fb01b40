/**
 * Which detections belong to the picture on the screen, and how they are drawn.
 */

const KEPT_MICROS = 60e6;
const LABEL_PIXELS = 13;
/** Analyzers also report what is barely there, which segments need and people do not. */
const SHOWN_CONFIDENCE = 45;
const COLOURS = ['#5cc8ff', '#ffb454', '#4cd08a', '#ff8fb1', '#c3a6ff', '#f5e960'];

/** The recent detections of one stream that are to be shown, by position. */
export class Detections {
  #frames = [];
  #intervalMicros = 200_000;

  /** Takes a frame of the API; they may come in any order, and twice. */
  add({ positionMicros, detections, turned }) {
    const newest = this.#frames.at(-1)?.positionMicros;
    if (positionMicros < newest - KEPT_MICROS) {
      // A stream whose run began again; what was held lies ahead of it.
      this.#frames = [];
    } else if (positionMicros > newest && positionMicros - newest < 5e6) {
      this.#intervalMicros = 0.8 * this.#intervalMicros + 0.2 * (positionMicros - newest);
    }
    const shown = detections.filter(({ box, confidence }) => box && confidence >= SHOWN_CONFIDENCE)
      .map((one) => ({ ...one, turned }));
    const index = this.#after(positionMicros);
    const known = this.#frames[index - 1]?.positionMicros === positionMicros;
    this.#frames.splice(known ? index - 1 : index, known ? 1 : 0, { positionMicros, detections: shown });
    while (this.#frames[0].positionMicros < this.#frames.at(-1).positionMicros - KEPT_MICROS) {
      this.#frames.shift();
    }
  }

  /**
   * The detections for the picture at a position: those of the nearest analysed frame, before it or
   * after it. They hold a little longer than to the next frame, and over one frame that saw nothing
   * between two that did, so that boxes do not flicker.
   */
  at(positionMicros) {
    const next = this.#after(positionMicros);
    const before = this.#within(next - 1, positionMicros);
    const after = this.#within(next, positionMicros);
    if (!before || !after) {
      return (before ?? after)?.detections ?? [];
    }
    const isBefore = positionMicros - before.positionMicros <= after.positionMicros - positionMicros;
    const nearest = isBefore ? next - 1 : next;
    const found = this.#frames[nearest].detections;
    const previous = this.#within(nearest - 1, positionMicros)?.detections ?? [];
    const following = this.#within(nearest + 1, positionMicros)?.detections ?? [];
    return found.length === 0 && previous.length > 0 && following.length > 0 ? previous : found;
  }

  /** Index of the first frame behind a position. */
  #after(positionMicros) {
    let index = this.#frames.length;
    while (index > 0 && this.#frames[index - 1].positionMicros > positionMicros) {
      index--;
    }
    return index;
  }

  #within(index, positionMicros) {
    const frame = this.#frames[index];
    const reach = 1.6 * this.#intervalMicros + 40_000;
    return frame && Math.abs(frame.positionMicros - positionMicros) <= reach ? frame : null;
  }
}

const turnedBack = (box, degrees) => {
  const { left, top, width, height } = box;
  switch (degrees) {
    case 90: return { left: top, top: 1 - left - width, width: height, height: width };
    case 180: return { left: 1 - left - width, top: 1 - top - height, width, height };
    case 270: return { left: 1 - top - height, top: left, width: height, height: width };
    default: return box;
  }
};

/** Shown detections where the recording shows them, which is not turned when the analysed picture was. */
export const inRecording = (detections) => detections.map((one) => ({ ...one, box: turnedBack(one.box, one.turned) }));

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
    if (!box) {
      continue;
    }
    const x = left + box.left * shownWidth;
    const y = top + box.top * shownHeight;
    const text = `${label} ${Math.round(confidence)}`;
    pen.strokeStyle = pen.fillStyle = colourOf(label);
    pen.strokeRect(x, y, box.width * shownWidth, box.height * shownHeight);
    const textWidth = pen.measureText(text).width + 8;
    const textLeft = Math.max(left, Math.min(x - 1, left + shownWidth - textWidth));
    const textTop = y >= LABEL_PIXELS + 6 ? y - LABEL_PIXELS - 6 : y;
    pen.fillRect(textLeft, textTop, textWidth, LABEL_PIXELS + 6);
    pen.fillStyle = '#05131c';
    pen.fillText(text, textLeft + 4, textTop + 3);
  }
}
