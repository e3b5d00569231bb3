import { grantBeforehand } from '../../remedies/by-hand/identity.ts';
import type { Cause } from '../cause.ts';
import { refusals } from '../log-text.ts';
import { managedIdentityPull } from '../pages.ts';

export const identityAfterSite: Cause = {
  id: 'B15',
  link: 'grant',
  confidence: 'hidden',
  title: 'The site pulls before its identity can be granted anything',
  why: 'A system-assigned identity exists only once the site does, so that a template that makes all in one go pulls before the role is there. It heals by itself.',
  frequency: 'common',
  seenAs: refusals,
  shownBy:
    'The first minutes of a new site only: the grant is younger than the first refusal in the log, and doctor reports it as C1.',
  remedies: [grantBeforehand],
  docs: managedIdentityPull,
};
