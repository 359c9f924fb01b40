/** What every route shares: problems, answers, security headers and static files. */
package io.sightline.ingestgateway.web;
