/**
 * The RTMP target: what OBS and other encoders push to (Adobe RTMP Specification 1.0; Enhanced RTMP
 * v1 and v2, veovera.org). Sockets are Vert.x's; what is in them is parsed here, bounded, and seen
 * by nothing native but the decoder.
 */
package io.sightline.edgecapture.rtmp;
