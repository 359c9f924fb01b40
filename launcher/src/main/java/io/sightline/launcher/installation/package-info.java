/** What the roles of one installation share: stores, broker, writer, secrets, folders. */
package io.sightline.launcher.installation;
