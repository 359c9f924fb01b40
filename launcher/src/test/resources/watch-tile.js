// Watches a tile that plays a TestVideo again and again, picture by picture while its box is well
// inside: how far off are the page's idea of the position and the box that it draws?
const [name, rate, done] = arguments;
const WIDTH = 320;
const HEIGHT = 180;
const ENOUGH = 60;
// As a part of the width.
const NEAR = 0.08;
const tile = document.querySelector(`stream-tile[data-stream=${name}]`);
const video = tile.querySelector('video');
const overlay = tile.querySelector('canvas');
const probe = document.createElement('canvas');
probe.width = WIDTH;
probe.height = HEIGHT;
const pen = probe.getContext('2d', { willReadFrequently: true });

const numberIn = ({ data }) => {
  let number = 0;
  for (let bit = 0; bit < 16; bit++) {
    const x = Math.floor((2 * bit + 1) * WIDTH / 32);
    const y = Math.floor(HEIGHT / 16);
    number = number * 2 + (data[(y * WIDTH + x) * 4 + 1] > 128 ? 1 : 0);
  }
  return number;
};

// The middle, as a part of the width, of what is coloured so in the box's rows, below its label.
const middle = ({ data, width, height }, coloured) => {
  let least = Infinity;
  let most = -1;
  for (let y = Math.floor(0.6 * height); y < 0.75 * height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      if (coloured(data[at], data[at + 1], data[at + 3])) {
        least = Math.min(least, x);
        most = Math.max(most, x);
      }
    }
  }
  return most < 0 ? null : (least + most) / 2 / width;
};

// Epochs are named by their first position.
const starts = new Set();
const findStarts = async () => {
  const playlist = await (await fetch(`/api/v1/streams/${name}/live.m3u8?track=1`)).text();
  [...playlist.matchAll(/media\/(\d+)-/g)].forEach(([, start]) => starts.add(Number(start)));
};

const seen = { pictures: 0, rightPictures: 0, looks: 0, nearBoxes: 0, farthestBox: 0, withoutBox: 0, all: [] };
let last = -1;
let drawn = false;
let blank = 0;
const look = () => {
  const position = tile.positionMicros();
  pen.drawImage(video, 0, 0, WIDTH, HEIGHT);
  const picture = pen.getImageData(0, 0, WIDTH, HEIGHT);
  const thing = middle(picture, (red, green) => red - green > 60);
  if (position === null || thing === null || thing < 0.2 || thing > 0.8) {
    drawn = false;
    blank = 0;
    return;
  }
  const canvas = overlay.getContext('2d').getImageData(0, 0, overlay.width, overlay.height);
  const box = middle(canvas, (red, green, alpha) => alpha > 100);
  if (box === null) {
    // A machine that is behind may not know of it yet; but once drawn, it stays.
    blank += drawn ? 1 : 0;
    return;
  }
  seen.withoutBox += blank;
  drawn = true;
  blank = 0;
  seen.looks++;
  seen.nearBoxes += Math.abs(box - thing) < NEAR ? 1 : 0;
  seen.farthestBox = Math.max(seen.farthestBox, Math.abs(box - thing));
  const number = numberIn(picture);
  const start = Math.max(...[...starts].filter((each) => each <= position + 0.5e6 / rate));
  if (number !== last && Number.isFinite(start)) {
    const ahead = number - Math.round((position - start) * rate / 1e6);
    seen.pictures++;
    // The page is told of a picture up to one picture after it is on the screen.
    seen.rightPictures += Math.abs(ahead) <= 1 ? 1 : 0;
    seen.all.push([number, ahead, Math.round(1000 * thing), Math.round(1000 * box)].join(' '));
  }
  last = number;
};
const step = () => {
  look();
  if (seen.pictures < ENOUGH) {
    requestAnimationFrame(step);
  } else {
    clearInterval(finding);
    done(seen);
  }
};
const finding = setInterval(findStarts, 1000);
findStarts();
requestAnimationFrame(step);
