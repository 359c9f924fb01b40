/** Model files: where they lie, which are known by name, and how they are fetched. */
package io.sightline.analyzer.models;
