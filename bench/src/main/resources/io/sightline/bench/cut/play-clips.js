// Plays one clip after another by hls.js, each to its end, then looks at every picture of it: which
// number does it carry, what does the player complain of? The program that serves this page says
// which clips, and is told what was seen.
const BITS = 16;
const STRIP_HEIGHT = 32;
const PATIENCE_MILLIS = 60_000;
const video = document.querySelector('video');
const probe = document.createElement('canvas');
const pen = probe.getContext('2d', { willReadFrequently: true });

const number = () => {
  probe.width = video.videoWidth;
  probe.height = STRIP_HEIGHT;
  pen.drawImage(video, 0, 0);
  const { data } = pen.getImageData(0, STRIP_HEIGHT / 2, probe.width, 1);
  let value = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const x = Math.floor((bit + 0.5) * probe.width / BITS);
    value = value * 2 + (data[x * 4 + 1] > 128 ? 1 : 0);
  }
  return value;
};

const inTime = (what, begin) => new Promise((resolve, reject) => {
  const late = setTimeout(() => reject(new Error(`${what} did not happen`)), PATIENCE_MILLIS);
  begin((value) => {
    clearTimeout(late);
    resolve(value);
  });
});

const happens = (event) => inTime(event, (done) => video.addEventListener(event, done, { once: true }));

// A busy machine may still tell of a picture from before a seek.
const shown = (time, within) => inTime(`a picture at ${time}`, (done) => {
  const look = (now, { mediaTime }) => {
    if (Math.abs(mediaTime - time) < within) {
      done(mediaTime);
    } else {
      video.requestVideoFrameCallback(look);
    }
  };
  video.requestVideoFrameCallback(look);
});

const seek = async (time, within) => {
  const picture = shown(time, within);
  const sought = happens('seeked');
  video.currentTime = time;
  await sought;
  return picture;
};

const play = async ({ url, times }) => {
  const seen = { errors: [], numbers: [], seconds: 0 };
  const hls = new Hls({ startPosition: 0, maxBufferLength: 600, maxMaxBufferLength: 600, backBufferLength: Infinity });
  hls.on(Hls.Events.ERROR, (event, { type, details, reason, error, buffer }) => {
    // With so much to play it is the machine that is late, not the media.
    if (details !== 'bufferStalledError' || !(buffer > 0.5)) {
      seen.errors.push(`${type} ${details} ${reason ?? ''} ${error?.message ?? ''}`);
    }
  });
  try {
    const ended = happens('ended');
    hls.on(Hls.Events.MANIFEST_PARSED, () => {
      video.playbackRate = 4;
      video.play();
    });
    hls.loadSource(url);
    hls.attachMedia(video);
    await ended;
    if (video.buffered.length !== 1) {
      seen.errors.push(`what is buffered has ${video.buffered.length - 1} holes`);
    }
    // Sound may begin a little later than the first picture, and what is buffered with it.
    const origin = await seek(video.buffered.start(0) + 0.001, 0.1);
    seen.seconds = video.buffered.end(0) - origin;
    for (const [time, half] of times) {
      await seek(origin + time, 1.5 * half);
      seen.numbers.push(number());
    }
  } catch (failure) {
    seen.errors.push(failure.message);
  }
  hls.destroy();
  return seen;
};

for (;;) {
  const clip = await (await fetch('/next')).json();
  await fetch('/seen', { method: 'POST', body: JSON.stringify(await play(clip)) });
}
