/**
 * What an agent has captured and the gateway has not acknowledged, on disk: it outlives the agent.
 * Knows files and bytes; what is in them is the caller's.
 */
package io.sightline.edgecapture.spool;
