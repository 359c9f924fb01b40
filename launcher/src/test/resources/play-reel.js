// Plays a reel of TestVideo clips through hls.js to its end, then seeks in it: which pictures are
// shown, what does the player complain of, has the buffer holes, does play stand still at one? On
// its way it changes between levels and sound tracks, as a viewer or a slow line would have it.
const [url, speed, seeks, rate, changes, whole, done] = arguments;
const LOOK_MILLIS = 10;
const AHEAD = 0.05;
const NEARLY_OVER = 0.1;
// A player that has stood still for so long does not go on: behind a hole there is no end.
const GIVEN_UP_MILLIS = 8000;
const WIDTH = 320;
const HEIGHT = 180;
const video = document.querySelector('video');
const probe = document.createElement('canvas');
probe.width = WIDTH;
probe.height = HEIGHT;
const pen = probe.getContext('2d', { willReadFrequently: true });

const number = () => {
  pen.drawImage(video, 0, 0, WIDTH, HEIGHT);
  const { data } = pen.getImageData(0, 0, WIDTH, HEIGHT);
  let value = 0;
  for (let bit = 0; bit < 16; bit++) {
    const x = Math.floor((2 * bit + 1) * WIDTH / 32);
    const y = Math.floor(HEIGHT / 16);
    value = value * 2 + (data[(y * WIDTH + x) * 4 + 1] > 128 ? 1 : 0);
  }
  return value;
};

const seen = { errors: [], played: [], sought: [], ranges: [], audioTracks: 0, changed: [], stalledMillis: 0 };
// A replay that grows is watched from its beginning.
const hls = new Hls({ startPosition: 0, maxBufferLength: 600, maxMaxBufferLength: 600, backBufferLength: Infinity });
window.hls = hls;
hls.on(Hls.Events.ERROR, (event, { type, details, reason, error, buffer, fatal }) => {
  // With so much to play it is the machine that is late, not the media.
  if (details !== 'bufferStalledError' || !(buffer > 0.5)) {
    seen.errors.push(`${type} ${details} ${reason ?? ''} ${error?.message ?? ''}`);
  }
  if (fatal) {
    finish();
  }
});
hls.on(Hls.Events.LEVEL_SWITCHED, (event, { level }) => seen.changed.push(`level ${level}`));
hls.on(Hls.Events.AUDIO_TRACK_SWITCHED, (event, { id }) => seen.changed.push(`sound ${id}`));
video.addEventListener('error', () => seen.errors.push(`video: ${video.error.message}`));

// A busy machine may still tell of a picture from before a seek.
const shown = (time) => new Promise((resolve) => {
  const tell = (now, frame) => {
    if (Math.abs(frame.mediaTime - time) < 1 / rate) {
      resolve();
    } else {
      video.requestVideoFrameCallback(tell);
    }
  };
  video.requestVideoFrameCallback(tell);
});
let ended = false;
// Where buffered media begins; a player that changes what it plays drops what lies behind it.
let origin = null;
const watch = (now, frame) => {
  if (ended) {
    return;
  }
  if (origin === null) {
    origin = video.buffered.start(0);
    setInterval(look, LOOK_MILLIS);
  }
  const place = Math.round((frame.mediaTime - origin) * rate);
  seen.played.push([place, number()]);
  if (changes.length && place >= changes[0][0]) {
    const [, what, which] = changes.shift();
    hls[what] = which;
  }
  video.requestVideoFrameCallback(watch);
};

// How long play is, standing or going, where nothing is buffered: at holes, and where times are
// wrong. Where something is, and while this page itself is late, it is the machine that stands still.
let hole = null;
let still = { at: -1, since: 0 };
let looked = performance.now();
const isThere = (at) => {
  for (let i = 0; i < video.buffered.length; i++) {
    if (video.buffered.start(i) <= at && video.buffered.end(i) > at + AHEAD) {
      return true;
    }
  }
  return at > video.duration - NEARLY_OVER;
};
const look = () => {
  const now = performance.now();
  const at = video.currentTime;
  const late = Math.max(0, now - looked - 2 * LOOK_MILLIS);
  looked = now;
  if (ended) {
    return;
  }
  if (hole) {
    hole.late += late;
    seen.stalledMillis = Math.max(seen.stalledMillis, now - hole.since - hole.late, (at - hole.at) * 1000);
  }
  hole = isThere(at) ? null : hole ?? { at, since: now, late: 0 };
  still = at === still.at ? still : { at, since: now };
  if (now - still.since > GIVEN_UP_MILLIS) {
    finish();
  }
};

const begin = () => {
  const { buffered, duration } = video;
  if (whole && !(buffered.length && buffered.end(buffered.length - 1) > duration - NEARLY_OVER)) {
    setTimeout(begin, LOOK_MILLIS);
    return;
  }
  video.requestVideoFrameCallback(watch);
  video.play();
};

const seek = async (place) => {
  // The middle of a picture's time, so that rounding cannot mean another.
  const time = origin + (place + 0.5) / rate;
  const picture = shown(time);
  video.currentTime = time;
  await new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }));
  await picture;
  seen.sought.push([place, number()]);
};

const finish = async () => {
  if (ended) {
    return;
  }
  ended = true;
  for (let i = 0; i < video.buffered.length; i++) {
    seen.ranges.push([video.buffered.start(i), video.buffered.end(i)]);
  }
  for (const place of video.ended ? seeks : []) {
    await seek(place);
  }
  seen.audioTracks = hls.audioTracks.length;
  hls.destroy();
  done(seen);
};

video.addEventListener('ended', finish, { once: true });
hls.on(Hls.Events.MANIFEST_PARSED, () => {
  video.playbackRate = speed;
  begin();
});
hls.loadSource(url);
hls.attachMedia(video);
