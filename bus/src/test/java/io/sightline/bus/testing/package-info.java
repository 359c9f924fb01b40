/** For the tests of every room: a real broker, and checkpoints in memory. */
package io.sightline.bus.testing;
