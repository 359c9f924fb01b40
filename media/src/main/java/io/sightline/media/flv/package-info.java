/**
 * The bodies of FLV tags, as RTMP carries them: what is in a video or an audio message (Adobe Flash
 * Video File Format Specification 10.1, annex E; Enhanced RTMP v1 and v2, veovera.org). Everything
 * in a message is hostile until parsed.
 */
package io.sightline.media.flv;
