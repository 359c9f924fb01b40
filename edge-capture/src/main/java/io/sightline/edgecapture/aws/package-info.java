/**
 * What the sources and sinks in AWS have in common. Nothing outside the packages of AWS sees it.
 */
package io.sightline.edgecapture.aws;
