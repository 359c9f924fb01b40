import Hls from 'hls.js';

const RECOVERIES = 3;
const LOOK_MILLIS = 2000;
const STUCK_MILLIS = 12_000;

/**
 * Plays an HLS playlist in a video element and knows where on the stream's time axis the picture on
 * the screen lies.
 *
 * hls.js places a media segment where its first decode time lies, so pictures appear later than the
 * playlist's dates say, by the delay between decoding and presenting. The delay is seen where a
 * buffered stretch begins with a media segment, and is taken off again.
 */
export class Playback {
  #hls = null;
  #video;
  #failed;
  #recoveries = 0;
  /** By discontinuity, for each epoch has its own encoder settings. */
  #delays = new Map();
  #lastDelay = 0;
  #shownSeconds = null;
  #frameCallback = 0;
  #looking = 0;
  #lastTime = -1;
  #movedAt = performance.now();

  /**
   * @param {HTMLVideoElement} video
   * @param {string} url of the playlist
   * @param {{live?: boolean, failed?: function(string): void}} options failed gets a sentence
   */
  constructor(video, url, { live = false, failed = () => {} } = {}) {
    this.#video = video;
    this.#failed = failed;
    if (!Hls.isSupported()) {
      video.src = url;
      return;
    }
    this.#hls = new Hls({
      liveSyncDurationCount: 2,
      maxLiveSyncPlaybackRate: live ? 1.1 : 1,
      backBufferLength: live ? 10 : 90,
      maxBufferLength: live ? 10 : 30,
    });
    this.#hls.on(Hls.Events.BUFFER_APPENDED, (_, appended) => this.#measure(appended));
    this.#hls.on(Hls.Events.ERROR, (_, error) => this.#onError(error));
    this.#hls.loadSource(url);
    this.#hls.attachMedia(video);
    this.#watch();
    if (live) {
      this.#looking = setInterval(() => this.#look(), LOOK_MILLIS);
    }
  }

  /** Microseconds since 1970 of the picture shown; null while that is unknown. */
  positionMicros() {
    const fragments = this.#hls?.levels[Math.max(0, this.#hls.currentLevel)]?.details?.fragments;
    if (!fragments) {
      return null;
    }
    const shown = this.#shownSeconds ?? this.#video.currentTime;
    for (let i = fragments.length - 1; i >= 0; i--) {
      const fragment = fragments[i];
      const seconds = shown - this.#delayOf(fragment) - fragment.start;
      // Half a millisecond, for the player's times are rounded.
      if (fragment.programDateTime && seconds >= -0.0005) {
        return Math.round(fragment.programDateTime * 1000 + seconds * 1e6);
      }
    }
    return null;
  }

  /** Shows the picture at a position, once there is something to play; where nothing is recorded, nothing happens. */
  seek(positionMicros) {
    const fragments = this.#hls?.levels[Math.max(0, this.#hls.currentLevel)]?.details?.fragments ?? [];
    const fragment = fragments.findLast((each) => each.programDateTime && each.programDateTime * 1000 <= positionMicros);
    if (fragment) {
      const within = (positionMicros - fragment.programDateTime * 1000) / 1e6;
      this.#video.currentTime = fragment.start + this.#delayOf(fragment) + Math.min(within, fragment.duration);
    }
  }

  close() {
    clearInterval(this.#looking);
    if (this.#frameCallback) {
      this.#video.cancelVideoFrameCallback(this.#frameCallback);
    }
    this.#hls?.destroy();
    this.#hls = null;
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  /** The clock of the element runs on between two pictures; this is the time of the picture. */
  #watch() {
    if (this.#video.requestVideoFrameCallback) {
      this.#frameCallback = this.#video.requestVideoFrameCallback((_, picture) => {
        this.#shownSeconds = picture.mediaTime;
        this.#watch();
      });
    }
  }

  /** A player may wait for ever without an error, such as after its server was away. */
  #look() {
    const now = performance.now();
    if (this.#video.currentTime !== this.#lastTime || document.hidden) {
      this.#lastTime = this.#video.currentTime;
      this.#movedAt = now;
    } else if (now - this.#movedAt > STUCK_MILLIS) {
      this.#movedAt = now;
      this.#failed('The stream does not go on.');
    }
  }

  #delayOf(fragment) {
    return this.#delays.get(fragment.cc) ?? this.#lastDelay;
  }

  #measure({ type, frag, timeRanges }) {
    const ranges = timeRanges[type];
    if (!type.includes('video') || !ranges) {
      return;
    }
    for (let i = 0; i < ranges.length; i++) {
      const delay = ranges.start(i) - frag.start;
      // Any other stretch does not begin with this media segment.
      if (delay >= 0 && delay < 1) {
        this.#delays.set(frag.cc, delay);
        this.#lastDelay = delay;
      }
    }
  }

  #onError(error) {
    if (!error.fatal || this.#hls === null) {
      return;
    }
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR && this.#recoveries++ < RECOVERIES) {
      this.#hls.recoverMediaError();
    } else {
      this.#failed(error.response?.code === 404 ? 'Nothing is recorded yet.' : 'The media cannot be loaded.');
    }
  }
}
