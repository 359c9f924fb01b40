/**
 * What is claimed of cutting: what clips cost, how exact they are, and how soon they can be seen.
 */
package io.sightline.bench.cut;
