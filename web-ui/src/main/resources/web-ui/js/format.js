/** How times and lengths are written. */

const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit',
});

/** A position (microseconds since 1970) as local time; with the day when it is not today's. */
export function when(positionMicros) {
  const date = new Date(positionMicros / 1000);
  return date.toDateString() === new Date().toDateString() ? time.format(date) : dayAndTime.format(date);
}

/** Microseconds as 0:07, 12:30 or 1:02:03. */
export function length(micros) {
  const seconds = Math.round(micros / 1e6);
  const two = (value) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes >= 60
    ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}

/** A number of segments in words. */
export const counted = (segments) => `${segments} ${segments === 1 ? 'segment' : 'segments'}`;
