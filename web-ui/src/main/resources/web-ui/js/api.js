/** The HTTP interface, as openapi.yaml describes it. Failures are Errors whose message is a sentence; `field` says of what of the request. */

const BASE = '/api/v1';
const REOPEN_MILLIS = 3000;
const PATIENCE_MILLIS = 30_000;

async function call(method, path, body) {
  let response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MILLIS),
    });
  } catch {
    throw new Error('Sightline cannot be reached.');
  }
  const text = await response.text();
  let answer = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    answer = null;
  }
  if (!response.ok) {
    const error = new Error(answer?.detail ?? `The server answered ${response.status}.`);
    error.status = response.status;
    error.field = answer?.field;
    throw error;
  }
  return answer;
}

const query = (values) => {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return entries.length ? '?' + new URLSearchParams(entries) : '';
};

export const openSession = (token) => call('POST', '/session', { token });
export const session = () => call('GET', '/session');
export const closeSession = () => call('DELETE', '/session');
export const streams = () => call('GET', '/streams');
export const stream = (name) => call('GET', `/streams/${name}`);
export const segments = (page) => call('GET', '/segments' + query(page));
export const segment = (id) => call('GET', `/segments/${id}`);
export const editSegment = (id, change) => call('PATCH', `/segments/${id}`, change);
export const removeSegment = (id) => call('DELETE', `/segments/${id}`);
export const frames = (page) => call('GET', '/frames' + query(page));
export const clip = (id) => call('GET', `/clips/${id}`);
/** Asks for what a clip or a replay lacks: `clips/{id}` or `replays/{id}`. */
export const makeRenditions = (of) => call('POST', `/${of}/renditions`);
export const alerts = (page) => call('GET', '/alerts' + query(page));
export const replays = (page) => call('GET', '/replays' + query(page));
export const replay = (id) => call('GET', `/replays/${id}`);
export const changeReplay = (id, change) => call('PATCH', `/replays/${id}`, change);
export const deleteReplay = (id) => call('DELETE', `/replays/${id}`);
export const replayItems = (id, page) => call('GET', `/replays/${id}/items` + query(page));
/** Where what was recorded of a stream is played, as HLS. */
export const recording = (stream, { run, fromMicros, toMicros }) =>
  `${BASE}/streams/${stream}/recording.m3u8` + query({ run, from: fromMicros, to: toMicros });
/** Where a replay is found as a cut list, in a format of the API. */
export const replayTimeline = (id, format) => `${BASE}/replays/${id}/timeline?format=${format}`;
/** Where its clips are found with timelines that name them, as one zip. */
export const replayBundle = (id) => `${replayTimeline(id, 'edl,otio,fcpxml,xmeml,json,csv')}&bundle=true`;
/** The encoding of a replay as a whole: what it would cost, doing it, ending it. */
export const estimateReplayJob = (id) => call('GET', `/replays/${id}/jobs/estimate`);
export const makeReplayJob = (id) => call('POST', `/replays/${id}/jobs`);
export const cancelReplayJob = (id) => call('DELETE', `/replays/${id}/jobs`);
/** What the configuration names for transitions. */
export const transitions = () => call('GET', '/transitions');
export const orderReplay = (order) => call('POST', '/replays', order);

/**
 * Live updates. The connection is opened again whenever it breaks off; what happened meanwhile has to
 * be asked for again. A page that nobody can see holds none: browsers open six connections to a
 * server at most, and keep pages that were left, with theirs, for a while.
 *
 * @param {Object<string, function(Object): void>} handlers by event name
 * @param {function(boolean): void} connected told each time the connection comes or goes
 * @returns {function(): void} ends it
 */
export function follow(handlers, connected) {
  const types = Object.keys(handlers);
  let source;
  let again = 0;
  const open = () => {
    source = new EventSource(`${BASE}/events?types=${types.join(',')}`);
    source.onopen = () => connected(true);
    source.onerror = () => {
      connected(false);
      if (source.readyState === EventSource.CLOSED) {
        // The browser gives up on any answer but 200, such as a proxy's 502.
        clearTimeout(again);
        again = setTimeout(open, REOPEN_MILLIS);
      }
    };
    for (const type of types) {
      source.addEventListener(type, (event) => handlers[type](JSON.parse(event.data)));
    }
    // Too much at once for this connection: some events were left out.
    source.addEventListener('lost', () => connected(true));
  };
  const close = () => {
    clearTimeout(again);
    source?.close();
    source = undefined;
  };
  const onVisibility = () => {
    close();
    if (!document.hidden) {
      open();
    }
  };
  document.addEventListener('visibilitychange', onVisibility);
  onVisibility();
  return () => {
    document.removeEventListener('visibilitychange', onVisibility);
    close();
  };
}
