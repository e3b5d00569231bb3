import { setFlag } from '../../remedies/set-flag.ts';
import type { Cause } from '../cause.ts';
import { refusals } from '../log-text.ts';

export const declaredInWrongPlace: Cause = {
  id: 'A10',
  link: 'flag',
  confidence: 'hidden',
  title: 'The template has the flag under properties, not under siteConfig',
  why: 'acrUseManagedIdentityCreds and acrUserManagedIdentityID belong into properties.siteConfig. One level above, the deployment succeeds and the flag stays off.',
  frequency: 'occasional',
  seenAs: refusals,
  shownBy:
    'The flag is false, which doctor reports as A1 or A2; only your template says where it stands there.',
  remedies: [setFlag],
  docs: 'https://learn.microsoft.com/azure/templates/microsoft.web/sites#siteconfig',
};
