/**
 * Who may do what: tokens, scopes, the session cookie, signatures, and checks of host and origin.
 */
package io.sightline.ingestgateway.access;
