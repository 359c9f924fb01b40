/** HLS playlists (RFC 8216) of streams, clips and replays, and the media segments they list. */
package io.sightline.media.hls;
