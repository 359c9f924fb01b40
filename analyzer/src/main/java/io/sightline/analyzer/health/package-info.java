/** The analyzer {@code health}: sources that are black, frozen, silent or gone. */
package io.sightline.analyzer.health;
