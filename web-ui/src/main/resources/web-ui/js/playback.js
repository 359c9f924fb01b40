import Hls from 'hls.js';

/**
 * Plays an HLS playlist in a video element and knows where on the stream's time axis it is.
 *
 * hls.js places a media segment where its first decode time lies, so pictures appear later than the
 * playlist's dates say, by the delay between decoding and presenting. The delay is seen where the
 * first buffered stretch begins, and is taken off again.
 */
export class Playback {
  #hls = null;
  #video;
  #delaySeconds = 0;
  #measured = false;

  /**
   * @param {HTMLVideoElement} video
   * @param {string} url of the playlist
   * @param {{live?: boolean, failed?: function(string): void}} options failed gets a sentence
   */
  constructor(video, url, { live = false, failed = () => {} } = {}) {
    this.#video = video;
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
    this.#hls.on(Hls.Events.FRAG_BUFFERED, (_, { frag }) => this.#measure(frag));
    this.#hls.on(Hls.Events.ERROR, (_, error) => this.#onError(error, failed));
    this.#hls.loadSource(url);
    this.#hls.attachMedia(video);
  }

  /** Microseconds since 1970 of the picture shown; null while that is unknown. */
  positionMicros() {
    const fragments = this.#hls?.levels[Math.max(0, this.#hls.currentLevel)]?.details?.fragments;
    if (!fragments) {
      return null;
    }
    const now = this.#video.currentTime;
    let current = null;
    for (const fragment of fragments) {
      if (fragment.programDateTime && fragment.start <= now) {
        current = fragment;
      }
    }
    return current === null
      ? null
      : Math.round(current.programDateTime * 1000 + (now - current.start - this.#delaySeconds) * 1e6);
  }

  close() {
    this.#hls?.destroy();
    this.#hls = null;
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  #measure(fragment) {
    if (this.#measured || fragment.type !== 'main' || this.#video.buffered.length === 0) {
      return;
    }
    this.#measured = true;
    const delay = this.#video.buffered.start(0) - fragment.start;
    // More than a second is a seek, not a delay.
    this.#delaySeconds = delay > 0 && delay < 1 ? delay : 0;
  }

  #onError(error, failed) {
    if (!error.fatal || this.#hls === null) {
      return;
    }
    if (error.type === Hls.ErrorTypes.MEDIA_ERROR) {
      this.#hls.recoverMediaError();
    } else {
      failed(error.response?.code === 404 ? 'Nothing is recorded yet.' : 'The media cannot be loaded.');
    }
  }
}
