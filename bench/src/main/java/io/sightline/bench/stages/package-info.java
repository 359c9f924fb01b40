/** What is claimed of all stages together: how soon a segment is a clip, and part of a replay. */
package io.sightline.bench.stages;
