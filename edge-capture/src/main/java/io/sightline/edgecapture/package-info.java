/**
 * From sources to the gateway: opens what a stream names, copies chunks and samples frames, and
 * sends them in order over one connection per epoch. Knows records and media, no bus, no storage.
 */
package io.sightline.edgecapture;
