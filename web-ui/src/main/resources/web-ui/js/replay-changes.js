import * as api from './api.js';

/**
 * Changes of one replay, one after another: of two at the same time one would be refused. Of those
 * that wait, a newer one of the same kind stands in for an older one.
 */
export class ReplayChanges {
  #replay;
  #waiting = new Map();
  #running = false;

  constructor(replay) {
    this.#replay = replay;
  }

  /**
   * @param {string} kind such as the trim of one segment
   * @param {Object} change as the API takes it
   * @returns {Promise<Object|null>} the answer; null when a newer one stands in for it
   */
  apply(kind, change) {
    return new Promise((resolve, reject) => {
      this.#waiting.get(kind)?.resolve(null);
      // The newest goes last, as it was asked for last.
      this.#waiting.delete(kind);
      this.#waiting.set(kind, { change, resolve, reject });
      this.#run();
    });
  }

  /** Whether some are not answered yet. */
  get busy() {
    return this.#running;
  }

  async #run() {
    if (this.#running) {
      return;
    }
    this.#running = true;
    while (this.#waiting.size) {
      const [kind, { change, resolve, reject }] = this.#waiting.entries().next().value;
      this.#waiting.delete(kind);
      try {
        resolve(await api.changeReplay(this.#replay, change));
      } catch (error) {
        reject(error);
      }
    }
    this.#running = false;
  }
}
