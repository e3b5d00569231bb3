import { randomBytes } from 'node:crypto';
import { siteNameOf, workerName } from './site-names.ts';

/** The site's own user at its scm host. */
export const publishingUserName = (siteId: string) => `$${workerName(siteNameOf(siteId))}`;

export const newPublishingPassword = () => ({ password: randomBytes(45).toString('base64url') });
